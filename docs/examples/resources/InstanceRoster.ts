import * as ccc from "@pulumi/ccc";

const roster = new ccc.InstanceRoster("roster", {
    instanceId: "acme-support",
    numbers: ["02180001001", "02180001002"],
    removalBudget: "1",
    changeBudget: "50%",
});
