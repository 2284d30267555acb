"""How much Kutip accepts, in one table. Whoever refuses for one of these names it in a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, code points and counts; a value equal to its limit is still accepted."""

    upload_bytes: int = 8_589_934_592
    upload_files: int = 200
    line_bytes: int = 16_777_216
    layer_line_bytes: int = 67_108_864
    article_code_points: int = 1_000_000
    external_id_code_points: int = 200
    field_code_points: int = 2_000
    note_code_points: int = 10_000
    reason_code_points: int = 2_000
    layer_messages: int = 500
    metadata_bytes: int = 65_536
    metadata_depth: int = 16
    csv_columns: int = 500
    zip_members: int = 100_000
    zip_directory_bytes: int = 33_554_432
    zip_bytes: int = 4_294_967_296
    zip_ratio: int = 200
    refusals_kept: int = 100_000
    trash_days: int = 30
    tag_code_points: int = 60
    tags: int = 500
    suggestion_code_points: int = 200_000
    suggestions: int = 5_000
    registry_bytes: int = 67_108_864
    registry_lines: int = 100_000
    entity_aliases: int = 5_000
    entity_links: int = 5_000
    suggestion_names: int = 50_000
    network_statements: int = 1_000_000
    network_nodes: int = 200_000
    network_windows: int = 5_000
    network_steps: int = 20_000_000
    network_ties: int = 1_000_000

    @property
    def upload_megabytes(self) -> int:
        return self.upload_bytes // 1_048_576


LIMITS = Limits()
