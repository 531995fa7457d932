"""Where observations come from, as the settings name it: a path or glob, and what its files do not say themselves."""

from pydantic import Field, field_validator

from synth_assets.scaling.given import SIDECAR, Given, given_of_names, given_of_sidecar, pattern_of


class ObservationSource(Given):
    """A file, folder or glob on this machine or in S3, with what is known of all its observations."""

    path: str = Field(description="Path, folder or glob, or s3://...; relative ones are within the lake's folder.")
    pattern: str | None = Field(None, description="What the folders' names say, such as {model}/{tokens}.")

    @field_validator("pattern")
    @classmethod
    def _usable(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            pattern_of(pattern)
        return pattern

    def given_of(self, path: str, sidecars: tuple[bytes, ...]) -> Given:
        """What is known of the file at `path`: what is set here, then by its names, then by the nearest sidecar."""
        known = Given(**self.model_dump(exclude={"path", "pattern"}))
        if self.pattern is not None:
            known = known.over(given_of_names(path, self.pattern))
        for content in sidecars:
            known = known.over(given_of_sidecar(f"{SIDECAR} beside {path}", content))
        return known
