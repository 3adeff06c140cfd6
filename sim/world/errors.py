"""What goes wrong with a scenario, said so that its author can mend it."""


class ScenarioError(Exception):
    """A scenario that cannot be run; the message names file, line, path, value and rule.

    One error can carry several findings, a line each, so that an author mends them in one go.
    """

    def __init__(self, *findings: str) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings
