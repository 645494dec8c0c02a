import { InstanceNumbers, PhoneNumber } from "./ccc";

// The keys of an instance in a stack file: docs/declaration.md
const support = new InstanceNumbers("support", {
    instanceId: "acme-support",
    removalBudget: 1,
    skillGroups: { night: { displayName: "夜班组" } },
    defaults: { usage: "bidirectional", flow: "主流程", skillGroups: ["support"] },
    numbers: {
        "02180001001": {},
        "02180001002": { order: "youyin-2026-08" },
        "02180001003": { flow: "夜间流程", skillGroups: ["night"] },
        "02180001009": {}, // not imported yet: pending until it is
    },
    orders: {
        "youyin-2026-08": {
            vendor: "A", product: "landline-aftersales", stage: "imported", quantity: 1, regions: ["上海"],
            purchased: "2026-08-01", term: "1y", prepaid: 3000,
        },
    },
});

// A number by itself, without the guards of an instance.
const hotline = new PhoneNumber("hotline", {
    number: "4008001001",
    instanceId: "acme-hotline",
    usage: "inbound",
    contactFlow: "主流程",
});

export const numbers = support.numbers;
export const pending = support.pending;
export const hotlineStatus = hotline.status;
