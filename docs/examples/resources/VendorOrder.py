from ccc_numbers.components.resources import VendorOrder

order = VendorOrder(
    "youyin-2026-08",
    {
        "key": "youyin-2026-08",
        "vendor": "A",
        "product": "landline-aftersales",
        "stage": "imported",
        "quantity": 2,
        "regions": ["上海"],
        "purchased": "2026-08-01",
        "term": "1y",
        "numbers": ["02180001001", "02180001002"],
    },
)
