"""The tables of a file for Discourse Network Analyzer (DNA) 3: SQLite, as `design/dna.md` lists them.

Written from that list; nothing of DNA's own code is here.
"""

NAME = "CHECK (LENGTH({0}) < 191)"
COLOURS = ("Red", "Green", "Blue")

CODER_SETTINGS = {"Refresh": 0, "FontSize": 14}
CODER_WINDOWS = {
    "PopupWidth": 300,
    "ColorByCoder": 0,
    "PopupDecoration": 0,
    "PopupAutoComplete": 1,
}
PERMISSIONS = (
    *("PermissionAddDocuments", "PermissionEditDocuments", "PermissionDeleteDocuments"),
    *("PermissionImportDocuments", "PermissionAddStatements", "PermissionEditStatements"),
    *("PermissionDeleteStatements", "PermissionEditAttributes", "PermissionEditRegex"),
    *("PermissionEditStatementTypes", "PermissionEditCoders", "PermissionEditCoderRelations"),
    *("PermissionViewOthersDocuments", "PermissionEditOthersDocuments"),
    *("PermissionViewOthersStatements", "PermissionEditOthersStatements"),
)
ONLY_ADMIN = ("PermissionEditCoders", "PermissionEditCoderRelations")
RELATIONS = ("viewStatements", "editStatements", "viewDocuments", "editDocuments")

DATA_TYPES = {
    "short text": "DATASHORTTEXT",
    "long text": "DATALONGTEXT",
    "integer": "DATAINTEGER",
    "boolean": "DATABOOLEAN",
}


def _name(column: str) -> str:
    return f"{column} TEXT NOT NULL DEFAULT '' {NAME.format(column)}"


def _switch(column: str, default: int) -> str:
    return f"{column} INTEGER NOT NULL DEFAULT {default} CHECK ({column} BETWEEN 0 AND 1)"


def _number(column: str, default: int) -> str:
    return f"{column} INTEGER NOT NULL DEFAULT {default}"


def _to(column: str, table: str, *, required: bool = True) -> str:
    null = " NOT NULL" if required else ""
    return f"{column} INTEGER{null} REFERENCES {table} (ID) ON DELETE CASCADE"


_ID = "ID INTEGER PRIMARY KEY NOT NULL"
_COLOUR = ", ".join(
    f"{one} INTEGER NOT NULL DEFAULT 0 CHECK ({one} BETWEEN 0 AND 255)" for one in COLOURS
)
_OF_STATEMENT = (
    f"{_ID}, {_to('StatementId', 'STATEMENTS')}, {_to('VariableId', 'VARIABLES')}, {{}},"
    " UNIQUE (StatementId, VariableId)"
)

_TABLES = {
    "SETTINGS": "Property TEXT PRIMARY KEY NOT NULL, Value TEXT",
    "CODERS": ", ".join(
        (
            *(_ID, _name("Name"), _COLOUR),
            *(_number(*one) for one in CODER_SETTINGS.items()),
            _name("Password"),
            *(_number(*one) for one in CODER_WINDOWS.items()),
            *(_switch(one, 1) for one in PERMISSIONS),
        )
    ),
    "CODERRELATIONS": ", ".join(
        (
            *(_ID, _to("Coder", "CODERS"), _to("OtherCoder", "CODERS")),
            *(_switch(one, 1) for one in RELATIONS),
            "UNIQUE (Coder, OtherCoder)",
        )
    ),
    "DOCUMENTS": ", ".join(
        (
            *(_ID, _name("Title"), "Text TEXT NOT NULL", _to("Coder", "CODERS")),
            *map(_name, ("Author", "Source", "Section")),
            *("Notes TEXT NOT NULL DEFAULT ''", _name("Type"), "Date INTEGER NOT NULL"),
        )
    ),
    "STATEMENTTYPES": f"{_ID}, {_name('Label')}, {_COLOUR}",
    "VARIABLES": ", ".join(
        (
            *(_ID, _name("Variable")),
            "DataType TEXT NOT NULL CHECK (DataType IN ("
            + ", ".join(f"'{one}'" for one in DATA_TYPES)
            + "))",
            *(_to("StatementTypeId", "STATEMENTTYPES"), "UNIQUE (Variable, StatementTypeId)"),
        )
    ),
    "VARIABLELINKS": ", ".join(
        (
            *(_ID, _to("SourceVariableId", "VARIABLES"), _to("TargetVariableId", "VARIABLES")),
            "UNIQUE (SourceVariableId, TargetVariableId)",
        )
    ),
    "STATEMENTS": ", ".join(
        (
            *(_ID, _to("StatementTypeId", "STATEMENTTYPES"), _to("DocumentId", "DOCUMENTS")),
            *("Start INTEGER NOT NULL CHECK (Start >= 0)", "Stop INTEGER NOT NULL"),
            *(_to("Coder", "CODERS"), "CHECK (Start < Stop)"),
        )
    ),
    "ENTITIES": ", ".join(
        (
            *(_ID, _to("VariableId", "VARIABLES"), _name("Value"), _COLOUR),
            *(_to("ChildOf", "ENTITIES", required=False), "UNIQUE (VariableId, Value)"),
        )
    ),
    "DATABOOLEAN": _OF_STATEMENT.format(_switch("Value", 1)),
    "DATAINTEGER": _OF_STATEMENT.format(_number("Value", 0)),
    "DATASHORTTEXT": _OF_STATEMENT.format(_to("Entity", "ENTITIES")),
    "DATALONGTEXT": _OF_STATEMENT.format("Value TEXT NOT NULL DEFAULT ''"),
    "ATTRIBUTEVARIABLES": ", ".join(
        (
            *(_ID, _to("VariableId", "VARIABLES"), _name("AttributeVariable")),
            "UNIQUE (VariableId, AttributeVariable)",
        )
    ),
    "ATTRIBUTEVALUES": ", ".join(
        (
            *(_ID, _to("EntityId", "ENTITIES")),
            _to("AttributeVariableId", "ATTRIBUTEVARIABLES"),
            *(_name("AttributeValue"), "UNIQUE (EntityId, AttributeVariableId)"),
        )
    ),
    "REGEXES": f"Label TEXT PRIMARY KEY NOT NULL {NAME.format('Label')}, {_COLOUR}",
}

TABLES = tuple(f"CREATE TABLE {name} ({columns})" for name, columns in _TABLES.items())
