"""Something in a template that is written wrong: what, and where in the template."""

from constructs_lattice.templates.marked import line_of

__all__ = ["Problem"]


class Problem(Exception):  # noqa: N818 - it becomes a TemplateError on its way up
    """Collects its path on the way up; the resource or output in which it is makes a `TemplateError` of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self.path: list[str] = []
        self.line = 0

    def within(self, step: str, node: object = None) -> "Problem":
        """The same problem, one step further out."""
        self.path.insert(0, step)
        self.line = self.line or line_of(node)
        return self
