"""Proof of work in the browser (ALTCHA), for sites that robots have found. Off by default.

The visitor's browser looks for a number whose hash was given, a second's work; a robot that sends
thousands of forms has to do it thousands of times. Nobody outside is asked. Who has no JavaScript
is not refused: his message waits in quarantine until a person has looked at it.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

from altcha.v1 import ChallengeOptions, create_challenge, extract_params, verify_solution
from django import forms
from django.conf import settings
from django.utils.crypto import salted_hmac

#: The largest number a browser may have to try: half of them are about half a second's work.
HIGHEST = 50_000
VALID_FOR = timedelta(hours=13)  # a little longer than a form may be open
LONGEST_ANSWER = 2000


class ProofInput(forms.HiddenInput):
    """Carries the challenge to ``static/js/proof.js`` and the answer back."""

    template_name = "components/_proof_input.html"


def _key() -> str:
    return salted_hmac("core.proof_of_work", "key", algorithm="sha256").hexdigest()


def new_challenge(showing: str) -> str:
    """The task for one showing of a form, as JSON for the script."""
    challenge = create_challenge(
        ChallengeOptions(
            hmac_key=_key(),
            max_number=HIGHEST,
            expires=datetime.now(UTC) + VALID_FOR,
            params={"showing": showing},
        )
    )
    return json.dumps(
        {
            "algorithm": challenge.algorithm,
            "challenge": challenge.challenge,
            "salt": challenge.salt,
            "signature": challenge.signature,
            "highest": HIGHEST,
        }
    )


def is_solved(answer: str, showing: str) -> bool:
    """Whether ``answer`` solves the task of this showing. False for whatever else was sent."""
    if not answer or len(answer) > LONGEST_ANSWER:
        return False
    try:
        payload = json.loads(base64.b64decode(answer))
        is_right, _error = verify_solution(payload, _key())
        return is_right and extract_params(payload).get("showing") == [showing]
    except (ValueError, TypeError, AttributeError, KeyError):
        return False


def is_asked() -> bool:
    return settings.PROOF_OF_WORK
