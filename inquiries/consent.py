"""What a sender agrees to, word for word.

A version is never edited: whoever agreed to it agreed to these words, and the inquiry stores
only version and language. To change anything, add a version and make it the current one. These
texts are therefore not in ``locale/``, where a translator could improve them afterwards.
"""

from __future__ import annotations

CURRENT = "2026-11c"

CONSENT_TEXTS: dict[str, dict[str, str]] = {
    "2026-11": {
        "en": (
            "By sending this form you agree that what you wrote is stored and read by the "
            "officers who answer inquiries for the park or the cluster, in order to answer you. "
            "It is kept for 24 months after the last contact, is not used for advertising and is "
            "not passed on. You can withdraw your consent and have your data erased at any time."
        ),
        "zh-hans": (
            "提交本表单，即表示您同意由负责该园区或集聚区咨询的工作人员为答复您而保存和查阅您所填写的内容。"
            "信息自最后一次联系起保存24个月，不用于广告，不向他方提供。您可随时撤回同意并要求删除您的信息。"
        ),
        "zh-hant": (
            "提交本表單，即表示您同意由負責該園區或集聚區查詢的工作人員為答覆您而保存和查閱您所填寫的內容。"
            "資料自最後一次聯絡起保存24個月，不用於廣告，不向他方提供。您可隨時撤回同意並要求刪除您的資料。"
        ),
    },
    "2026-11b": {
        "en": (
            "By sending this form you agree that what you wrote is stored and read by the "
            "officers who answer inquiries for the park or the cluster, in order to answer you. "
            "It is kept for 24 months after the last contact, is not used for advertising and is "
            "not passed on; news goes only to those who ask for it. You can withdraw your consent "
            "and have your data erased at any time."
        ),
        "zh-hans": (
            "提交本表单，即表示您同意由负责该园区或集聚区咨询的工作人员为答复您而保存和查阅您所填写的内容。"
            "信息自最后一次联系起保存24个月，不用于广告，不向他方提供；仅在您另行勾选时才向您发送动态信息。"
            "您可随时撤回同意并要求删除您的信息。"
        ),
        "zh-hant": (
            "提交本表單，即表示您同意由負責該園區或集聚區查詢的工作人員為答覆您而保存和查閱您所填寫的內容。"
            "資料自最後一次聯絡起保存24個月，不用於廣告，不向他方提供；僅在您另行勾選時才向您發送動態資訊。"
            "您可隨時撤回同意並要求刪除您的資料。"
        ),
    },
    "2026-11c": {
        "en": (
            "By sending this form you agree that what you wrote is stored and read by the "
            "officers who answer inquiries for the park or the cluster, in order to answer you. "
            "After the last contact it is kept for at most 24 months, if you write as a supplier, "
            "for the press, as a resident or to report an error for at most 12. It is not used for "
            "advertising and not passed on; news goes only to those who ask for it. You can "
            "withdraw your consent and have your data erased at any time."
        ),
        "zh-hans": (
            "提交本表单，即表示您同意由负责该园区或集聚区咨询的工作人员为答复您而保存和查阅您所填写的内容。"
            "信息自最后一次联系起最长保存24个月；供应商、媒体、市民的来信和纠错报告最长保存12个月。"
            "信息不用于广告，不向他方提供；仅在您另行勾选时才向您发送动态信息。"
            "您可随时撤回同意并要求删除您的信息。"
        ),
        "zh-hant": (
            "提交本表單，即表示您同意由負責該園區或集聚區查詢的工作人員為答覆您而保存和查閱您所填寫的內容。"
            "資料自最後一次聯絡起最長保存24個月；供應商、媒體、市民的來信和糾錯報告最長保存12個月。"
            "資料不用於廣告，不向他方提供；僅在您另行勾選時才向您發送動態資訊。"
            "您可隨時撤回同意並要求刪除您的資料。"
        ),
    },
}

#: What may be ticked beside it, by purpose and version; the same rule holds.
NEWS_CURRENT = "news-2026-11"

PURPOSE_TEXTS: dict[str, dict[str, str]] = {
    "news-2026-11": {
        "en": "You may also tell me by e-mail about new land, policies and events.",
        "zh-hans": "同意通过电子邮件向我告知新推出的用地、政策和活动信息。",
        "zh-hant": "同意透過電郵向我告知新推出的用地、政策和活動資訊。",
    },
}


def purpose_text(version: str, language: str) -> str:
    """The words beside the box, as ``consent_text``."""
    return PURPOSE_TEXTS[version][language]


def consent_text(version: str, language: str) -> str:
    """The words of ``version`` in ``language``. Raises KeyError for what was never shown."""
    return CONSENT_TEXTS[version][language]
