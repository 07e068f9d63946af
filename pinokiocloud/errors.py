"""The one kind of failure we explain to a person."""

from __future__ import annotations


class PinokioCloudError(Exception):
    """What happened, with the value, and what to do about it. The codes are those of the sidecar's protocol."""

    def __init__(self, code: str, message: str, hint: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message

    @classmethod
    def from_wire(cls, error: object) -> PinokioCloudError:
        fields = error if isinstance(error, dict) else {}
        return cls(
            str(fields.get("code") or "internal"),
            str(fields.get("message") or "The sidecar gave no reason"),
            fields.get("hint"),
        )

    def to_wire(self) -> dict[str, str]:
        wire = {"code": self.code, "message": self.message}
        if self.hint:
            wire["hint"] = self.hint
        return wire

    def _render_traceback_(self) -> list[str]:
        """IPython shows this instead of a traceback: where in our code it happened helps nobody."""
        return [f"PinokioCloud: {self.message}", *([self.hint] if self.hint else [])]
