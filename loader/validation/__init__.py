"""Validation: records in, findings out, by either of two SHACL engines."""

from loader.validation.validator import Outcome, Validator

__all__ = ["Outcome", "Validator"]
