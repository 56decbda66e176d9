"""AWS::LanguageExtensions as CloudFormation calls it: reads an event a line and
writes a response a line. It is sam-cli's implementation of the transform, which is
made for templates on a laptop: it evaluates Fn::Sub and Fn::Join also where a part
is known only once something is deployed. Here such a function stays as it was."""
import json
import logging
import re
import sys

logging.disable(logging.CRITICAL)

from samcli.lib.cfn_language_extensions import (  # noqa: E402
    IntrinsicResolver, InvalidTemplateException, ProcessingPipeline, PseudoParameterValues, ResolutionMode,
    TemplateParsingProcessor, TemplateProcessingContext, UnresolvableReferenceError)
from samcli.lib.cfn_language_extensions.api import IntrinsicResolverProcessor  # noqa: E402
from samcli.lib.cfn_language_extensions.processors import DeletionPolicyProcessor, ForEachProcessor, UpdateReplacePolicyProcessor  # noqa: E402
from samcli.lib.cfn_language_extensions.resolvers import (  # noqa: E402
    ConditionResolver, FnBase64Resolver, FnFindInMapResolver, FnIfResolver, FnJoinResolver, FnLengthResolver, FnRefResolver,
    FnSelectResolver, FnSplitResolver, FnSubResolver, FnToJsonStringResolver)

OPEN = re.compile(r"\$\{|\{'(Ref|Fn::)")


def whole(resolver):
    """The resolver of a function that makes a text, for texts of which every part is
    known."""
    class Whole(resolver):
        def resolve(self, value):
            text = super().resolve(value)
            if not isinstance(text, str) or not OPEN.search(text):
                return text
            return {name: self.parent.resolve_value(arguments) for name, arguments in value.items()}
    return Whole


def process(event):
    pseudo = PseudoParameterValues(region=event["region"], account_id=event["accountId"], partition="aws", url_suffix="amazonaws.com")
    context = TemplateProcessingContext(fragment=event["fragment"], parameter_values=event["templateParameterValues"],
                                        pseudo_parameters=pseudo, resolution_mode=ResolutionMode.PARTIAL)
    resolver = IntrinsicResolver(context)
    for one in (ConditionResolver, FnIfResolver, FnRefResolver, FnBase64Resolver, whole(FnJoinResolver), FnSplitResolver, whole(FnSubResolver),
                FnSelectResolver, FnLengthResolver, FnFindInMapResolver, FnToJsonStringResolver):
        resolver.register_resolver(one)
    steps = [TemplateParsingProcessor(), ForEachProcessor(intrinsic_resolver=resolver), IntrinsicResolverProcessor(resolver),
             DeletionPolicyProcessor(), UpdateReplacePolicyProcessor()]
    return ProcessingPipeline(steps).process_template(context)


def answer(event):
    found = {"requestId": event["requestId"]}
    try:
        return dict(found, status="success", fragment=process(event))
    except (InvalidTemplateException, UnresolvableReferenceError) as e:
        return dict(found, status="failure", errorMessage=str(e))


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
