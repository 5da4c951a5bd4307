"""axe-core's rules on a page, all of WCAG 2.2 AA and the good practices."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# Colours may change slowly. Style sheets are not collected, which only an experimental rule needs
# and which a strict policy stops where one imports another.
RUN = """
options => Promise.all(document.getAnimations().map(animation => animation.finished))
  .then(() => axe.run(
    {exclude: options.others}, {...options.rules, preload: false, resultTypes: ['violations']}))
  .then(found => found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id} ${node.target}: ${node.failureSummary} ${node.html}`)))
"""

#: What packages write into pages of the desk: the labelled help of a double list, the empty head
#: of a column that only holds names or, where nothing may be deleted, nothing; a list whose first
#: entry is a box to type in, and the tools of the text editor, which are large enough but stand
#: close to each other.
OTHERS = [
    *(".help-tooltip", "th.original", ".tabular thead th:empty"),
    *(".select2-selection", ".prose-menubar"),
]

#: With controls of at least 24 × 24 px, which axe leaves out unless asked for; without a good
#: practice that Django's search box at the desk does not follow, whose label is a picture.
EVERYTHING = {"rules": {"target-size": {"enabled": True}, "label-title-only": {"enabled": False}}}
#: What a change of colours can break.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"


def violations(page: Page) -> list[str]:
    """One line per element that breaks a rule in the light or, by its colours, in the dark.

    Folds are opened first: what stands in them is hidden from the rules otherwise.
    """
    page.evaluate(UNFOLD)
    page.evaluate(AXE)
    found = []
    for scheme, options in (("light", EVERYTHING), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [
            f"{scheme}: {line[:500]}"
            for line in page.evaluate(RUN, {"rules": options, "others": OTHERS})
        ]
    return found
