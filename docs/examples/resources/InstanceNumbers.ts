import * as ccc from "@pulumi/ccc";

const support = new ccc.InstanceNumbers("support", {
    instanceId: "acme-support",
    removalBudget: 1,
    defaults: { usage: "bidirectional", flow: "主流程", skillGroups: ["sales"] },
    numbers: {
        "02180001001": {},
        "02180001002": { flow: "夜间流程" },
    },
});

export const pending = support.pending;
