"""A call centre for looking at the console: bound, dead and personal numbers, one instance that is closed."""

from typing import Any

FLOWS = [
    {"name": "主流程", "type": "MAIN_FLOW", "published": True},
    {"name": "夜间流程", "type": "MAIN_FLOW", "published": True},
    {"name": "草稿", "type": "MAIN_FLOW", "published": False},
]
GROUPS = [
    {"name": "sales", "displayName": "销售组", "mediaType": "AUDIO"},
    {"name": "vip", "displayName": "大客户组", "mediaType": "AUDIO"},
    {"name": "chat", "displayName": "在线组", "mediaType": "CHAT"},
]
ONE = "02180001001"
HOTLINE = "4008001001"
SEED: dict[str, Any] = {
    "instances": {
        "acme-support": {
            "name": "客服中心",
            "contactFlows": FLOWS,
            "skillGroups": GROUPS,
            "users": [{"login": "wang"}],
            "numbers": [
                {
                    "number": ONE,
                    "usage": "Bidirectional",
                    "contactFlow": "主流程",
                    "skillGroups": ["sales"],
                    "city": "上海",
                },
                {"number": "02180001002", "usage": "Bidirectional"},
                {"number": HOTLINE, "usage": "Inbound", "contactFlow": "主流程"},
                {"number": "13900001001", "usage": "Outbound", "user": "wang"},
            ],
        },
        "acme-closed": {"status": "STOPPED"},
    },
    "unassigned": [
        {"range": ["02180002000", "02180002119"], "province": "上海", "city": "上海", "provider": "A"}
    ],
}
