"""The Apple profile of a person: a file with which an iPhone, an iPad or a Mac sets itself up."""

from autoconfig.answers.answer import Answer, State, document_answer
from autoconfig.answers.endpoints import Endpoint
from autoconfig.answers.language import language_of
from autoconfig.answers.request import Request
from autoconfig.documents.formats import profile_for
from autoconfig.errors import MalformedAddress


def profile(request: Request, endpoint: Endpoint, state: State) -> Answer:
    """The profile of the address, for the device in `for=`, signed where the operator has a key.

    Raises `MalformedAddress`, as `State.service` does, and `Busy` where it is to be signed.
    """
    address = request.address(endpoint.parameter)
    if address is None:
        raise MalformedAddress
    service = state.service(address)
    format = profile_for(request.parameter("for").lower(), language_of(request), service)
    answer = document_answer(format, address, service, state.renderings)
    identity = state.config.identity
    if identity is None:
        return answer
    with state.signatures.take():
        return answer._replace(body=identity.sign(answer.body))
