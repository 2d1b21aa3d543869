"""The shape of prices.yaml: strict, every amount an exact decimal of dollars per million tokens."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Amount = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]


class BadPrices(ValueError):
    """The price file is not what it should be; the message names the place."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rates(_Strict):
    """The five token prices, in dollars per million tokens."""

    input: Amount
    cache_read: Amount
    cache_write_5m: Amount
    cache_write_1h: Amount
    output: Amount


class Price(Rates):
    """What a model costs from a day on; see the head of prices.yaml for the modifiers."""

    since: date = Field(default=date.min, alias="from")
    us: Amount = Decimal(1)
    fast: Amount | None = None
    long: Rates | None = None


class Family(_Strict):
    """Models that share their prices, oldest price first."""

    ids: Annotated[list[str], Field(min_length=1)]
    prices: Annotated[list[Price], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_rise(self) -> Self:
        if any(later.since <= earlier.since for earlier, later in pairwise(self.prices)):
            raise ValueError(f"prices of {self.ids[0]} must be in order of their from: dates")
        return self


class PriceFile(_Strict):
    """All of prices.yaml."""

    batch: Amount
    web_search_per_1000: Amount
    models: list[Family]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [name for family in self.models for name in family.ids]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is listed twice")
        return self


def read_price_file(text: str) -> PriceFile:
    """Read the YAML text of a price file. Raises BadPrices naming the place.

    Scalars stay text until they become decimals, so that no amount passes through a float.
    """
    try:
        return PriceFile.model_validate(yaml.BaseLoader(text).get_single_data())
    except yaml.YAMLError as error:
        raise BadPrices(f"prices.yaml is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise BadPrices(f"prices.yaml: {place}: {first['msg']}; correct that line") from error
