"""The pages: a blueprint per area, each registered by `create_app`."""

from __future__ import annotations

from flask import Blueprint

from webui.pages import (
    about,
    case,
    clock,
    committee,
    dialogue,
    exemptions,
    inbox,
    kev,
    measures,
    policies,
    preferences,
    register,
    risk,
    sign_in,
    studio,
    task,
    treatment,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    about.blueprint,
    case.blueprint,
    clock.blueprint,
    committee.blueprint,
    dialogue.blueprint,
    exemptions.blueprint,
    inbox.blueprint,
    kev.blueprint,
    measures.blueprint,
    policies.blueprint,
    preferences.blueprint,
    register.blueprint,
    risk.blueprint,
    sign_in.blueprint,
    studio.blueprint,
    task.blueprint,
    treatment.blueprint,
)
