import * as ccc from "@pulumi/ccc";

const sales = new ccc.SkillGroup("sales", {
    instanceId: "acme-support",
    name: "sales",
    displayName: "销售组",
    description: "Calls about orders",
});
