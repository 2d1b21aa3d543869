"""The names of months and weekdays, and their abbreviations."""

from typing import Final

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = {form: number for number, name in enumerate(_MONTHS, 1) for form in (name, name[:3])} | {
    "sept": 9
}
"""1 is January."""
WEEKDAYS: Final = {form: number for number, name in enumerate(_WEEKDAYS) for form in (name, name[:3])} | {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
"""0 is Monday."""
