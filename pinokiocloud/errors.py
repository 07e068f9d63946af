"""The one kind of failure we explain to a person."""

from __future__ import annotations


class PinokioError(Exception):
    """What happened, with the value, and what to do about it. The codes are those of the sidecar's protocol."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        *,
        details: str | None = None,
        context: dict[str, str] | None = None,
    ):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        # What a person has to read before they can do what the hint says.
        self.details = details
        self.context = context or {}

    def __str__(self) -> str:
        if self.details:
            return "\n".join([self.message, self.details, *([self.hint] if self.hint else [])])
        return f"{self.message}. {self.hint}" if self.hint else self.message

    @classmethod
    def from_wire(cls, error: object) -> PinokioError:
        fields = error if isinstance(error, dict) else {}
        context = fields.get("context")
        return cls(
            str(fields.get("code") or "internal"),
            str(fields.get("message") or "The sidecar gave no reason"),
            fields.get("hint"),
            context=context if isinstance(context, dict) else None,
        )

    def to_wire(self) -> dict[str, str]:
        wire = {"code": self.code, "message": self.message}
        if self.hint:
            wire["hint"] = self.hint
        return wire

    def _render_traceback_(self) -> list[str]:
        """IPython shows this instead of a traceback: where in our code it happened helps nobody."""
        details = self.details.splitlines() if self.details else []
        return [f"PinokioCloud: {self.message}", *details, *([self.hint] if self.hint else [])]
