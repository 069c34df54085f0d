"""What the API takes and gives, as marshmallow schemas that the OpenAPI document is drawn from."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from lms.config import LANGUAGES

NO_CONTROL = validate.Regexp(r"^[^\x00-\x1f\x7f]*$", error="no control characters")


class Strict(Schema):
    class Meta:
        unknown = RAISE


class PersonSchema(Strict):
    name = fields.String(required=True, validate=[validate.Length(1, 120), NO_CONTROL])
    email = fields.Email(required=True, validate=[validate.Length(max=254), NO_CONTROL])
    language = fields.String(load_default="hy", validate=validate.OneOf(LANGUAGES))
    external_id = fields.String(load_default=None, allow_none=True, validate=[validate.Length(1, 120), NO_CONTROL])


class OrderRequestSchema(Strict):
    package = fields.String(required=True, validate=validate.Length(1, 20))
    candidate = fields.Nested(PersonSchema, required=True)


class KeySchema(Schema):
    key = fields.String(
        required=True,
        data_key="Idempotency-Key",
        validate=[validate.Length(8, 128), validate.Regexp(r"^[\x21-\x7e]+$")],
    )


class PackageSchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    minutes = fields.Integer(required=True)
    languages = fields.List(fields.String(), required=True)
    closes_at = fields.AwareDateTime(required=True)


class PackagesSchema(Schema):
    packages = fields.List(fields.Nested(PackageSchema), required=True)


class OrderSchema(Schema):
    id = fields.String(required=True)
    package = fields.String(required=True)
    external_id = fields.String(allow_none=True, required=True)
    status = fields.String(
        required=True, validate=validate.OneOf(["ordered", "started", "finished", "decided", "revoked"])
    )
    stage = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(allow_none=True, required=True)
    finished_at = fields.AwareDateTime(allow_none=True, required=True)
    result_url = fields.String(required=True)
    candidate_url = fields.String(metadata={"description": "told once, in the answer that makes the order"})


class OrdersSchema(Schema):
    orders = fields.List(fields.Nested(OrderSchema), required=True)
    next_cursor = fields.String(allow_none=True, required=True)


class CursorSchema(Schema):
    cursor = fields.String(load_default="0", validate=validate.Regexp(r"^[0-9]{1,9}$"))


class SkillSchema(Schema):
    lowest_level = fields.Integer(required=True)
    highest_level = fields.Integer(required=True)
    interval = fields.List(
        fields.Float(), required=True, metadata={"description": "the two ends to a tenth, as the pages show them"}
    )
    level = fields.Integer(required=True, metadata={"description": "as shown; evidence may still be missing for more"})
    capped = fields.Boolean(
        required=True, metadata={"description": "the level shown is lower than the answers say, for want of evidence"}
    )
    answers = fields.Integer(required=True)


class ResultSchema(OrderSchema):
    outcome = fields.String(required=True, validate=validate.OneOf(["meets", "borderline", "below", "unknown"]))
    levels_above_role = fields.List(fields.Float(), allow_none=True, required=True)
    answers = fields.Integer(required=True)
    language = fields.String(required=True)
    skills = fields.Dict(fields.String(), fields.Nested(SkillSchema, allow_none=True), required=True)
    note = fields.String(required=True)


class BounceSchema(Strict):
    email = fields.Email(required=True, validate=[validate.Length(max=254), NO_CONTROL])


class BouncedSchema(Schema):
    letters = fields.Integer(required=True, metadata={"description": "letters now known not to have arrived"})
