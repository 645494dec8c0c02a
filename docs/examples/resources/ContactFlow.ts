import * as ccc from "@pulumi/ccc";

const night = new ccc.ContactFlow("night", {
    instanceId: "acme-support",
    name: "夜间流程",
    definition: '{"nodes": []}',
});
