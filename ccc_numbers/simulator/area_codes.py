"""Where a landline number is from, by the larger cities' area codes. Enough for a simulator, no register."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_REGIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "010": ("北京", "北京"),
        "020": ("广东", "广州"),
        "021": ("上海", "上海"),
        "022": ("天津", "天津"),
        "023": ("重庆", "重庆"),
        "024": ("辽宁", "沈阳"),
        "025": ("江苏", "南京"),
        "027": ("湖北", "武汉"),
        "028": ("四川", "成都"),
        "029": ("陕西", "西安"),
        "0311": ("河北", "石家庄"),
        "0351": ("山西", "太原"),
        "0371": ("河南", "郑州"),
        "0411": ("辽宁", "大连"),
        "0431": ("吉林", "长春"),
        "0451": ("黑龙江", "哈尔滨"),
        "0471": ("内蒙古", "呼和浩特"),
        "0512": ("江苏", "苏州"),
        "0531": ("山东", "济南"),
        "0532": ("山东", "青岛"),
        "0551": ("安徽", "合肥"),
        "0571": ("浙江", "杭州"),
        "0574": ("浙江", "宁波"),
        "0591": ("福建", "福州"),
        "0592": ("福建", "厦门"),
        "0731": ("湖南", "长沙"),
        "0755": ("广东", "深圳"),
        "0769": ("广东", "东莞"),
        "0771": ("广西", "南宁"),
        "0791": ("江西", "南昌"),
        "0833": ("四川", "乐山"),
        "0851": ("贵州", "贵阳"),
        "0871": ("云南", "昆明"),
        "0891": ("西藏", "拉萨"),
        "0898": ("海南", "海口"),
        "0931": ("甘肃", "兰州"),
        "0951": ("宁夏", "银川"),
        "0971": ("青海", "西宁"),
        "0991": ("新疆", "乌鲁木齐"),
    }
)


def region_of(number: str) -> tuple[str | None, str | None]:
    """(province, city) of a landline number, (None, None) when its area code is not known here."""
    return _REGIONS.get(number[:4]) or _REGIONS.get(number[:3]) or (None, None)
