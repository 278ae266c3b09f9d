"""Task forms: a form-js definition to fields, to a marshmallow schema, to what a page renders.

    form = parse(bundle.files["decide.form"])             # or FormError: what cannot be honoured, in
    sentences page = present(form, data=data, now=now)              # rendered by
    webui/templates/forms/macros.html checked = check(form, submitted, data, now)           # .values to
    store, or .errors to show page = present(form, values=submitted, errors=checked.errors, data=data,
    now=now) present_answers(form, stored, data)                   # label and human value, for reading

The package knows no page, no database and no process. Its expressions are FEEL, by `engine.feel`. What a form
may hold is in docs/forms.md.
"""

from forms.answers import Answered, Comparison, present_answers, side_by_side
from forms.check import Checked, check, initial
from forms.errors import FormError
from forms.parse import parse
from forms.present import present
from forms.presentation import Control, Presentation
from forms.texts import human
from forms.types import Field, Form, Kind

__all__ = [
    "Answered",
    "Checked",
    "Comparison",
    "Control",
    "Field",
    "Form",
    "FormError",
    "Kind",
    "Presentation",
    "check",
    "human",
    "initial",
    "parse",
    "present",
    "present_answers",
    "side_by_side",
]
