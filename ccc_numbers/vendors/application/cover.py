"""The cover sheet as a Word document. The same sheet makes the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from ccc_numbers.vendors.application.sheet import Sheet

# not translated: the vendor reads it, in Chinese and English

_LATIN, _CHINESE = "Calibri", "宋体"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SHADE = "EEF2F7"
_WIDTHS = (5.4, 11.2)
"""Centimetres of a label and of its value; together the width between the margins."""


def cover_docx(sheet: Sheet) -> bytes:
    """The sheet as .docx."""
    document = docx.Document()
    _style(document)
    document.add_heading("合作伙伴号码申请", level=0)
    subtitle = document.add_paragraph(f"{sheet.order.key} · {sheet.seller} · {sheet.entry.name}")
    subtitle.runs[0].bold = True
    document.add_heading("申请信息 / Order", level=1)
    _table(document, [_Row(row.label, row.english, row.value) for row in sheet.rows])
    document.add_heading("申请材料 / Materials", level=1)
    if sheet.materials:
        _table(
            document,
            [
                _Row(paper.name, "", f"{paper.packed}（{paper.size:,} bytes）", f"SHA-256 {paper.sha256}")
                for paper in sheet.materials
            ],
        )
    else:
        document.add_paragraph(sheet.entry.materials.words or "—")
    if sheet.accepted:
        document.add_paragraph(
            f"人工确认的用词 / Words of scene and script read and allowed by hand: {'、'.join(sheet.accepted)}"
        )
    if sheet.limits:
        document.add_heading("使用限制 / Limits", level=1)
        known = document.add_paragraph("我方已知悉并遵守以下限制 / We know and keep these limits:")
        known.paragraph_format.keep_with_next = True
        _table(document, [_Row(row.label, row.english, row.value) for row in sheet.limits])
    document.add_paragraph()
    document.add_paragraph(
        "申请公司盖章 / Company seal：____________________    日期 / Date：____________________"
    )
    document.add_paragraph(f"资料来源 / Catalogue: {sheet.source}")
    _properties(document, sheet)
    return _repacked(document)


def _style(document: Document) -> None:
    _slim(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(key), None)
        fonts.set(qn("w:eastAsia"), _CHINESE)
        _set(style.element.get_or_add_rPr(), "lang", eastAsia="zh-CN")
        style.font.color.rgb = RGBColor(0x1F, 0x2A, 0x3C)
    document.styles["Normal"].font.size = Pt(10)


def _slim(document: Document) -> None:
    """Leave out what the library's template brings and nobody sees: 800 of 850 KB."""
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                relations.pop(key)
    for style in list(document.styles):
        if style.type is WD_STYLE_TYPE.TABLE and style.name not in {"Normal Table", "Table Grid"}:
            style.delete()


class _Row(NamedTuple):
    """A row of a table; the English of its label and the last line of its value are in small print."""

    label: str
    english: str
    value: str
    last: str = ""


def _table(document: Document, rows: Iterable[_Row]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    for said in rows:
        row = table.add_row()
        _set(row._tr.get_or_add_trPr(), "cantSplit")  # whole on a page
        texts = (
            (said.label, said.english and f" {said.english}"),
            (said.value, said.last and f"\n{said.last}"),
        )
        for cell, (text, small), width in zip(row.cells, texts, _WIDTHS, strict=True):
            cell.width = Cm(width)
            cell.text = text
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            _fine_print(paragraph, small)
        _set(row.cells[0]._tc.get_or_add_tcPr(), "shd", val="clear", color="auto", fill=_SHADE)


def _fine_print(paragraph: Paragraph, text: str) -> None:
    font = paragraph.add_run(text).font
    font.size, font.color.rgb = Pt(7.5), RGBColor(0x5B, 0x65, 0x75)


def _set(properties: BaseOxmlElement, tag: str, **attributes: str) -> None:
    """Put `<w:tag w:name="value"/>` among a row's or a cell's properties."""
    named = {qn(f"w:{name}"): value for name, value in attributes.items()}
    properties.append(properties.makeelement(qn(f"w:{tag}"), named))


def _properties(document: Document, sheet: Sheet) -> None:
    """Whatever would say when and by whom the file was made, tied to the order instead."""
    day = sheet.order.purchased or sheet.entry.as_of
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    properties = document.core_properties
    properties.author = properties.last_modified_by = sheet.order.company or "ccc-numbers"
    properties.title = f"合作伙伴号码申请 {sheet.order.key}"
    properties.comments = ""
    properties.created = properties.modified = moment
    properties.revision = 1


def _repacked(document: Document) -> bytes:
    """The document's zip with its clock taken out, stored: no zlib between here and the bytes."""
    raw = io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old:
        return zipped({name: old.read(name) for name in old.namelist()})


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip that is the same on every day and every machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return packed.getvalue()
