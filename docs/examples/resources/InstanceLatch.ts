import * as ccc from "@pulumi/ccc";

const latch = new ccc.InstanceLatch("latch", {
    instanceId: "acme-support",
    numbers: ["02180001001", "02180001002"],
}, { protect: true });
