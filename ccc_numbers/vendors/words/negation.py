"""Whether a clause denies a word: a negation counts where it governs the word, not wherever it stands."""

import re

_DENIES = re.compile(
    r"(?:不能(?!不)|不可(?!少|缺|或|思)|(?<!只)(?<!差)不(?!仅|只|止|但|光|单|管|论|同|错|少|断|限|收|用|看|押|良|需|查|满|足|够|到|明|想|定|过|动|知|愿|筛|分|了|起|超|低|高|等"
    r"|计|成|必|便|熟|懂|清|出|花|费|上|下|方|太|可|如|好|是|得不|得已|交|还|锈|干|动|二|同|见)"
    r"|[没未](?:有任何|有)?(?:涉及|开展|从事|使用|包含|做|有任何|授权)|没有(?:任何|一切)|无(?:任何|需)|从未|不(?:得|会)?用于|未用于|禁用|并非|禁止|严禁|杜绝|拒绝|谢绝|避免|切勿|请勿|除了?(?!夕|湿|尘|锈|甲|味))"
)
"""These govern what follows, with a few words between: 不涉及任何形式的贷款."""
_DENIES_THE_NEXT = re.compile(
    r"(?:不是|不属于|没有|也不用|不用|没用|未用|无|非|不|未|勿|没|别|与|和|跟)"
    r"(?:任何|涉及|其他|从事|办理|做|有|此类|上述|这类|推荐|推销|销售|使用|进行|采用|请|开展|包含|含|传统|是|类|业务)*$"
)
"""These govern the next word alone: 无贷款业务, but 无抵押贷款 says it."""
_ASKS = re.compile(r"([^不没])[不没]\1")
"""Asks, and denies nothing: 要不要, 有没有."""
_ENDS_IT = re.compile(
    r"也|但|而|却|就|能|可以|即可|仅|主要|只(?!要)|(?<!特别)(?<!尤其)是|还(?!款)|兼|手续费|利息|另|外(?!呼)|其他"
    r"|(?<!形式)(?<!相关)(?<!方面)(?<!类型)(?<!种类)(?<!性质)(?<![类等])的"
)
"""Between the negation and the word: the rest is said of something else."""
_NEVER_ALONE = re.compile(r"^(?:和|与|跟)")
_DENIED_AFTER = re.compile(
    r"^(?:之类|类|等|金融|医药|医疗|房产|教育|业务|产品|服务|相关|方面|内容|活动|商品|品类|的|项目|行业|话术|推广|推销|营销|销售|咨询|信息|公司|受限|敏感|违规|高危|禁止|限制|被禁|类型|领域|机构|材料|需求|诉求|询问|来电|客户|号|群|字样|和|及|或|与)*"
    r"(?:我们|我司|[本该]?(?:公司|平台|店|线路|热线|号码|业务))?(?:均|都|一律|一概|概|全部|皆|也|绝|已|完全|并|并且)*"
    r"(?:(?:不(?:售|卖|销|打|在|做|涉及|碰|接|受理|办理|提供|销售|含|予|开展|推荐|使用|允许|存在|属于|从事)(?!其[他它])|不在.{0,6}(?:范围|之列)|无关|(?:没有?|无)任?何?(?:合作|往来|关系|关联|瓜葛)|无涉|无任何关[系联]|没关系|无关[系联]|除外|以外|之外"
    r"|(?<=[都均概])(?:没有|无)$|禁止|严禁|免谈|未开展|未涉及|删除|剔除|下架|清除|屏蔽))"
)
_SIGNS = re.compile("[不没未无非禁杜拒谢避勿除别并切请严删剔屏下清]")
"""Without one of these nothing is denied."""
_FAR = 18
"""Characters between a negation and a word that it still governs, other forbidden words not counted."""
_NOTHING_ELSE = re.compile(
    r"(?:特别是|尤其是|包括|例如|比如|如|教育|医药|医疗|类|等|业务|产品|服务|相关|方面|内容|活动|的|以及|和|及|或|与|推广|推销|营销|销售|行业|金融|任何)*"
)

Span = tuple[int, int]


def denies(clause: str) -> bool:
    """Whether the clause may deny anything at all."""
    return _SIGNS.search(clause) is not None


def denied_before(clause: str, at: int, others: list[Span]) -> bool:
    """Whether a negation in front of the word at `at` governs it; `others` are the forbidden words of the clause."""
    before = _ASKS.sub("", _without(clause[:at], [span for span in others if span[1] <= at]))
    for negation in list(_DENIES.finditer(before))[-1:]:
        between = before[negation.end() :]
        if len(between) <= _FAR and not _ENDS_IT.search(between):
            return True
    match = _DENIES_THE_NEXT.search(before)
    return match is not None and _NEVER_ALONE.match(match.group()) is None


def denied_after(clause: str, end: int, others: list[Span]) -> bool:
    """Whether the clause goes on to deny the word that ends at `end`: 贷款类业务一律不做."""
    after = _without(clause[end:], [(a - end, b - end) for a, b in others if a >= end])
    return _DENIED_AFTER.match(after) is not None


def nothing_else(clause: str, words: list[Span]) -> bool:
    """Whether the clause is a list of forbidden words, so that its neighbour's negation may hold for it too."""
    return _NOTHING_ELSE.fullmatch(_without(clause, words)) is not None


def _without(text: str, spans: list[Span]) -> str:
    """The text without these places, which are sorted."""
    kept, end = "", 0
    for start, stop in spans:
        kept += text[end : max(start, end)]
        end = max(end, stop)
    return kept + text[end:]
