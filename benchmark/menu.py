"""Menus: from a name in the YAML to an object, and from a constructor to the parameters that the YAML may give it.

A step declares its parameters once, as annotated constructor arguments (``Literal``, ``Annotated[float, Field(...)]``);
validation, messages and the JSON schema all come from there.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, TypeVar, get_type_hints

from pydantic import ValidationError, create_model

from benchmark.errors import ConfigError, unknown
from benchmark.yaml_file import Path_, Section, first_mistake

T = TypeVar("T")


def pick(kind: str, menu: Mapping[str, T], name: object, *, path: Path_ = ()) -> T:
    """The entry of a menu; ``ConfigError`` with the nearest name if there is none."""
    if not isinstance(name, str) or name not in menu:
        raise ConfigError(unknown(kind, name, menu), path=path)
    return menu[name]


def parameters_of(kind: type, leave_out: tuple[str, ...] = ()) -> type[Section]:
    """The parameters of a class's constructor as a declared section."""
    hints = get_type_hints(inspect.getattr_static(kind, "__init__"), include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        if name not in leave_out:
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (hints[name], default)
    return create_model(f"{kind.__name__} parameters", __base__=Section, **fields)


def check_parameters(
    kind: type, given: Mapping[str, Any], *, leave_out: tuple[str, ...] = (), path: Path_ = ()
) -> dict[str, Any]:
    """The given parameters, checked and in the types of the constructor; ``ConfigError`` at the first mistake."""
    try:
        section = parameters_of(kind, leave_out).model_validate(dict(given))
    except ValidationError as error:
        raise first_mistake(error, path) from None
    return {name: getattr(section, name) for name in given}
