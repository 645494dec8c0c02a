import * as ccc from "@pulumi/ccc";

const hotline = new ccc.PhoneNumber("02180001001", {
    number: "02180001001",
    instanceId: "acme-support",
    usage: "bidirectional",
    contactFlow: "主流程",
    skillGroups: ["sales"],
});

export const status = hotline.status;
