"""The application package: papers checked, script searched, a zip that is the same every time."""

import hashlib
import io
import json
import os
import time
import zipfile
from pathlib import Path

import pytest

from ccc_numbers.vendors.application import (
    application,
    materials,
    write,
)
from ccc_numbers.vendors.application.materials import LARGEST
from ccc_numbers.vendors.errors import MaterialError
from ccc_numbers.vendors.orders import Contact, Order, PrepaidPer, Stage
from tests.vendors.papers import JPEG, OLE, PDF, SCRIPT, application_order, checked, made, papers, png, word
from tests.vendors.support import entry

LANDLINE = "landline-aftersales"


def refused(one: Order, folder: Path, *accepted: str) -> list[str]:
    with pytest.raises(MaterialError) as error:
        checked(one, folder, *accepted)
    assert all("\n" not in line for line in error.value.problems)
    return list(error.value.problems)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    # Written once: a .docx saved anew carries the time of day.
    materials = papers(tmp_path)
    first = made(tmp_path, materials=materials)
    for file in (tmp_path / "materials").iterdir():
        os.utime(file, (time.time() + 90_000,) * 2)
    again = made(tmp_path, materials=materials)
    assert first.data == again.data
    assert first.sha256 == again.sha256
    assert made(tmp_path, materials=materials, quantity=3).data != first.data


def test_the_zip_holds_papers_sheet_manifest_and_message(tmp_path: Path) -> None:
    application = made(tmp_path)
    with zipfile.ZipFile(io.BytesIO(application.data)) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == [
            "o/cover.docx",
            "o/cover.md",
            "o/manifest.json",
            "o/materials/1-业务受理单.doc",
            "o/materials/2-真实落地号码_目的码_实名制承诺书.pdf",
            "o/materials/3-完整话术.docx",
            "o/materials/4-优音语音服务合同.png",
            "o/message.txt",
        ]
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        manifest = json.loads(packed.read("o/manifest.json"))
        for file in manifest["files"]:
            data = packed.read(f"o/{file['name']}")
            assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        assert packed.read("o/message.txt").decode() == application.message
    assert [file["from"] for file in manifest["files"] if "from" in file] == [
        "materials/form.doc",
        "materials/commitment.pdf",
        "materials/script.docx",
        "materials/合同.png",
    ]
    assert len(manifest["files"]) == 7  # all but the manifest itself


def test_the_message_is_for_support_and_vendor(tmp_path: Path) -> None:
    message = made(tmp_path, contact=Contact(dingtalk="acme-wang")).message
    assert message.startswith(
        "@cccsupport2 您好，示例科技有限公司的云呼叫中心申请合作伙伴号码，材料见附件 o.zip"
    )
    assert "号码类型：售后（回访）类业务固话" in message
    assert "云呼叫中心实例：acme-support\n" in message
    assert "1. 业务受理单（materials/1-业务受理单.doc）" in message
    assert message.rstrip().endswith("请 @cccsupport2 将号码导入云呼平台，并在群内告知号码清单，谢谢。")


def test_the_cover_sheet_adds_up_what_each_number_prepays(tmp_path: Path) -> None:
    application = made(tmp_path, prepaid_per=PrepaidPer.NUMBER)
    with zipfile.ZipFile(io.BytesIO(application.data)) as packed:
        assert "| 预存话费 | Prepaid | 3000 元/个，共 6000 元 |" in packed.read("o/cover.md").decode()


def test_text_in_an_order_cannot_break_the_sheet(tmp_path: Path) -> None:
    one = application_order(tmp_path, scene="a | b\n# c {{ 7 * 7 }}", key="../../x y")
    found = application(one, entry(LANDLINE), checked(one, tmp_path))
    assert found.archive == "x_y.zip"
    with zipfile.ZipFile(io.BytesIO(found.data)) as packed:
        assert "| 业务场景 | Scene | a \\| b # c {{ 7 * 7 }} |" in packed.read("x_y/cover.md").decode()


def test_vendor_b_asks_for_no_papers_of_its_own(tmp_path: Path) -> None:
    one = application_order(
        tmp_path, product="sip-marketing", vendor="B", prepaid=None, quantity=10, materials={}
    )
    found = application(one, entry("sip-marketing"), checked(one, tmp_path))
    assert [name for name in found.names if "materials" in name] == []
    assert "按照供应商提供的申请号码流程提交材料" in found.message


def test_papers_nobody_asked_for_go_along(tmp_path: Path) -> None:
    (tmp_path / "licence.jpg").write_bytes(JPEG)
    one = application_order(tmp_path)
    more = {**one.materials, "licence": tmp_path / "licence.jpg"}
    names = [material.name for material in checked(application_order(tmp_path, materials=more), tmp_path)]
    assert names[-1] == "licence"
    assert len(names) == 5


def test_a_missing_paper_names_the_vendors_template(tmp_path: Path) -> None:
    lines = refused(application_order(tmp_path, materials={}), tmp_path)
    assert len(lines) == 4
    assert lines[0].startswith(
        "orders.o.materials.acceptanceForm: 业务受理单 is missing; the vendor's template: https://"
    )


@pytest.mark.parametrize(
    ("key", "name", "data", "said"),
    [
        ("acceptanceForm", "form.doc", b"", "is empty"),
        ("acceptanceForm", "form.doc", b"hello", "is not a Word document, whatever its name says"),
        ("acceptanceForm", "form.docx", b"PK\x03\x04broken", "is not a Word document (.docx)"),
        ("acceptanceForm", "form.docx", OLE, "is an old .doc or locked by a password; save it as a plain .docx"),
        ("acceptanceForm", "form.exe", b"MZ", "is not a kind of file for 业务受理单; take .docx, .doc, .pdf"),
        ("acceptanceForm", "form", PDF, "is not a kind of file for 业务受理单"),
        ("contract", "contract.pdf", b"%PDF-1.4 cut", "is not a whole PDF"),
        ("contract", "contract.png", png()[:-9], "is not a whole PNG picture"),
        ("contract", "contract.jpg", JPEG[:20], "is not a whole JPEG picture"),
        ("script", "script.pdf", PDF, "is not a kind of file for 完整话术; take .docx, .txt, .md (its text has to be"),
        ("script", "script.doc", OLE, "is an old Word document, whose text cannot be searched here; open it in Word or WPS"),
        ("script", "script.txt", b"\xff\xfe\x00a", "is not a text file"),
        ("script", "script.txt", "话术".encode("gbk"), "is not UTF-8 text; save it as UTF-8"),
        ("script", "script.docx", word("", " "), "holds no text to search"),
        ("script", "script.txt", b"  \n ", "holds no text to search"),
    ],
)  # fmt: skip
def test_a_paper_that_is_not_what_it_says(
    tmp_path: Path, key: str, name: str, data: bytes, said: str
) -> None:
    one = application_order(tmp_path)
    path = tmp_path / name
    path.write_bytes(data)
    (line,) = refused(application_order(tmp_path, materials={**one.materials, key: path}), tmp_path)
    assert line.startswith(f"orders.o.materials.{key}: {name}")
    assert said in line


def test_a_huge_paper_is_refused_unread(tmp_path: Path) -> None:
    one = application_order(tmp_path)
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    (line,) = refused(application_order(tmp_path, materials={**one.materials, "contract": path}), tmp_path)
    assert line == "orders.o.materials.contract: huge.pdf is larger than 20 MiB"


def test_a_docx_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials, "_LARGEST_UNPACKED", 1_000_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"\x00" * 1_000_001)
    one = application_order(tmp_path)
    path = tmp_path / "bomb.docx"
    path.write_bytes(packed.getvalue())
    (line,) = refused(application_order(tmp_path, materials={**one.materials, "contract": path}), tmp_path)
    assert "unpacks to more than 200 MB" in line


def test_papers_stay_in_the_stacks_folder(tmp_path: Path) -> None:
    inside = tmp_path / "stacks"
    inside.mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (inside / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    one = application_order(inside)
    for path in (inside / "../secret.pdf", inside / "link.pdf", tmp_path / "secret.pdf"):
        (line,) = refused(application_order(inside, materials={**one.materials, "contract": path}), inside)
        assert "leads out of the stack's folder" in line


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    one = application_order(tmp_path)
    for path, said in ((tmp_path / "none.pdf", "does not exist"), (tmp_path / "materials", "is a folder")):
        (line,) = refused(
            application_order(tmp_path, materials={**one.materials, "contract": path}), tmp_path
        )
        assert said in line


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (word(SCRIPT, "请加微信详谈"), 'paragraph 2 says "加微信" in "请加微信详谈"; A/landline-aftersales'),
        (word(SCRIPT, table="加我ＱＱ吧"), 'says "加我qq"'),
        (word(SCRIPT, header="关注抖 音号"), 'says "抖音"'),
        (word(SCRIPT, "我们提供小额贷款"), 'says "贷款"'),
    ],
)
def test_a_script_that_says_what_it_must_not(tmp_path: Path, script: bytes, said: str) -> None:
    (line,) = refused(application_order(tmp_path, materials=papers(tmp_path, script)), tmp_path)
    assert said in line
    assert "catalogue: " in line


def test_a_business_named_in_passing_can_be_allowed_by_hand(tmp_path: Path) -> None:
    script = word(SCRIPT, "我们不做贷款")
    one = application_order(tmp_path, materials=papers(tmp_path, script))
    (line,) = refused(one, tmp_path)
    assert line.endswith("take it out, or allow it by --accept 贷款")
    found = application(one, entry(LANDLINE), checked(one, tmp_path, "贷款"), accepted=["贷款"])
    with zipfile.ZipFile(io.BytesIO(found.data)) as packed:
        assert json.loads(packed.read("o/manifest.json"))["acceptedWords"] == ["贷款"]
        assert (
            "Words of scene and script read and allowed by hand: 贷款" in packed.read("o/cover.md").decode()
        )


def test_adding_wechat_can_never_be_allowed(tmp_path: Path) -> None:
    one = application_order(tmp_path, materials=papers(tmp_path, word("加微信")))
    first, second = refused(one, tmp_path, "加微信")
    assert first.startswith("--accept 加微信: is not a business that A/landline-aftersales")
    assert second.endswith("take it out")


def test_a_400_script_may_not_ask_for_wechat_either(tmp_path: Path) -> None:
    one = application_order(tmp_path, product="400", materials=papers(tmp_path, word("加微信")))
    (line,) = refused(one, tmp_path)
    assert "话术中含有：加微信、加QQ、抖音" in line


def test_a_hotline_calls_nobody_and_needs_no_script(tmp_path: Path) -> None:
    given = {key: path for key, path in papers(tmp_path).items() if key != "script"}
    one = application_order(tmp_path, product="400", materials=given)
    assert [paper.key for paper in checked(one, tmp_path)] == [*given]


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    application = made(tmp_path)
    out = tmp_path / "deep" / "requests"
    file = write(application, out)
    assert file.read_bytes() == application.data
    assert write(application, out) == file
    assert [path.name for path in out.iterdir()] == ["o.zip"]
    (tmp_path / "plain").write_text("")
    with pytest.raises(OSError, match=r"exists|directory"):
        write(application, tmp_path / "plain")


def test_every_stage_can_ask(tmp_path: Path) -> None:
    for stage in Stage:
        assert made(tmp_path, stage=stage).message
