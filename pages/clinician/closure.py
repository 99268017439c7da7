"""Closure: summary and relapse-prevention plan of an ending, drafted from the record, reviewed, signed, taken away."""

from lib.domain.people import Permission
from lib.ui import app_context, client_choice, client_header, closure_view, gate

actor = gate.require(Permission.VIEW_CLIENT)
identity = client_choice.open_identity(actor, "Closure")

client_header.show(identity, app_context.today())
closure_view.show(actor, identity)
