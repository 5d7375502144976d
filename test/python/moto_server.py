"""moto_server with what moto 5.2 lacks and our stacks use: DNS Firewall and the tags of query log configs (Route 53 Resolver), tags of
scalable targets, query definitions, and bucket policies whose Deny statements have conditions.

It stores and answers, and checks nothing: enough for a provider to create, read and delete. Arguments are those of moto_server.
"""

import json
import uuid
from collections import defaultdict

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.logs.responses import LogsResponse
from moto.route53resolver.models import Route53ResolverBackend
from moto.route53resolver.responses import Route53ResolverResponse
from moto.s3.models import FakeBucket
from moto.server import main

# Kind -> id -> what Get answers. One server is one account and is used in one region.
STORE = defaultdict(dict)
TAGS = defaultdict(dict)


def body(response):
    return json.loads(response.body or "{}")


def not_found(what):
    error = {"__type": "ResourceNotFoundException", "Message": f"{what} does not exist"}
    return 400, {"status": 400}, json.dumps(error)


def stored(kind, path, prefix):
    """The actions that create, get and delete a `kind` of Route 53 Resolver, whose id is called `<kind>Id`."""

    def create(self):
        asked = body(self)
        own = f"{prefix}-{uuid.uuid4().hex[:16]}"
        arn = f"arn:aws:route53resolver:{self.region}:{self.current_account}:{path}/{own}"
        TAGS[arn].update({tag["Key"]: tag["Value"] for tag in asked.pop("Tags", None) or []})
        STORE[kind][own] = {**asked, "Id": own, "Arn": arn, "Status": "COMPLETE", "OwnerId": self.current_account}
        return json.dumps({kind: STORE[kind][own]})

    def get(self):
        own = body(self)[f"{kind}Id"]
        return json.dumps({kind: STORE[kind][own]}) if own in STORE[kind] else not_found(own)

    def delete(self):
        own = body(self)[f"{kind}Id"]
        return json.dumps({kind: STORE[kind].pop(own)}) if own in STORE[kind] else not_found(own)

    return create, get, delete


def update_firewall_domains(self):
    asked = body(self)
    own = STORE["FirewallDomainList"][asked["FirewallDomainListId"]]
    before = [] if asked["Operation"] == "REPLACE" else STORE["domains"].get(own["Id"], [])
    if asked["Operation"] == "REMOVE":
        domains = [name for name in before if name not in asked["Domains"]]
    else:
        domains = before + [name for name in asked["Domains"] if name not in before]
    STORE["domains"][own["Id"]] = domains
    own["DomainCount"] = len(domains)
    return json.dumps({key: own[key] for key in ("Id", "Name", "Status")})


def list_firewall_domains(self):
    return json.dumps({"Domains": STORE["domains"].get(body(self)["FirewallDomainListId"], [])})


def put_firewall_rule(self):
    asked = body(self)
    place = (asked["FirewallRuleGroupId"], asked["FirewallDomainListId"])
    STORE["rules"][place] = {**STORE["rules"].get(place, {}), **asked}
    return json.dumps({"FirewallRule": STORE["rules"][place]})


def list_firewall_rules(self):
    group = body(self)["FirewallRuleGroupId"]
    return json.dumps({"FirewallRules": [rule for (own, _), rule in STORE["rules"].items() if own == group]})


def delete_firewall_rule(self):
    asked = body(self)
    place = (asked["FirewallRuleGroupId"], asked["FirewallDomainListId"])
    return json.dumps({"FirewallRule": STORE["rules"].pop(place)})


def update_firewall_config(self):
    asked = body(self)
    own = f"rslvr-fc-{asked['ResourceId'][-16:]}"
    STORE["configs"][asked["ResourceId"]] = {**asked, "Id": own, "OwnerId": self.current_account}
    return json.dumps({"FirewallConfig": STORE["configs"][asked["ResourceId"]]})


def list_firewall_configs(self):
    return json.dumps({"FirewallConfigs": list(STORE["configs"].values())})


def add_route53resolver():
    lists = stored("FirewallDomainList", "firewall-domain-list", "rslvr-fdl")
    groups = stored("FirewallRuleGroup", "firewall-rule-group", "rslvr-frg")
    associations = stored("FirewallRuleGroupAssociation", "firewall-rule-group-association", "rslvr-frgassoc")
    for name, action in (
        ("create_firewall_domain_list", lists[0]),
        ("get_firewall_domain_list", lists[1]),
        ("delete_firewall_domain_list", lists[2]),
        ("create_firewall_rule_group", groups[0]),
        ("get_firewall_rule_group", groups[1]),
        ("delete_firewall_rule_group", groups[2]),
        ("associate_firewall_rule_group", associations[0]),
        ("get_firewall_rule_group_association", associations[1]),
        ("disassociate_firewall_rule_group", associations[2]),
        ("update_firewall_domains", update_firewall_domains),
        ("list_firewall_domains", list_firewall_domains),
        ("create_firewall_rule", put_firewall_rule),
        ("update_firewall_rule", put_firewall_rule),
        ("list_firewall_rules", list_firewall_rules),
        ("delete_firewall_rule", delete_firewall_rule),
        ("update_firewall_config", update_firewall_config),
        ("list_firewall_configs", list_firewall_configs),
    ):
        setattr(Route53ResolverResponse, name, action)

    # moto knows the tags of endpoints and rules alone, and calls everything else missing.
    def list_tags(self):
        arn = body(self)["ResourceArn"]
        own = {**TAGS[arn], **self.route53resolver_backend.tagger.get_tag_dict_for_resource(arn)}
        return json.dumps({"Tags": [{"Key": key, "Value": value} for key, value in own.items()]})

    Route53ResolverResponse.list_tags_for_resource = list_tags
    Route53ResolverBackend._matched_arn = lambda self, resource_arn: None


def add_scalable_target_tags():
    register = ApplicationAutoScalingResponse.register_scalable_target

    def register_scalable_target(self):
        answer = register(self)
        TAGS[json.loads(answer)["ScalableTargetARN"]].update(body(self).get("Tags") or {})
        return answer

    ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
    ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps(
        {"Tags": TAGS[body(self)["ResourceARN"]]}
    )


def add_query_definitions():
    def put_query_definition(self):
        asked = body(self)
        own = asked.setdefault("queryDefinitionId", str(uuid.uuid4()))
        STORE["queries"][own] = asked
        return json.dumps({"queryDefinitionId": own})

    def describe_query_definitions(self):
        prefix = body(self).get("queryDefinitionNamePrefix") or ""
        found = [query for query in STORE["queries"].values() if query["name"].startswith(prefix)]
        return json.dumps({"queryDefinitions": found})

    def delete_query_definition(self):
        return json.dumps({"success": STORE["queries"].pop(body(self)["queryDefinitionId"], None) is not None})

    for action in (put_query_definition, describe_query_definitions, delete_query_definition):
        setattr(LogsResponse, action.__name__, action)


def skip_conditional_denials():
    """moto reads no condition of a bucket policy, so that every Deny would be one of all requests."""

    def get_permission(self, action, resource):
        if self.policy is None:
            return PermissionResult.NEUTRAL
        policy = json.loads(self.policy.decode())
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        policy["Statement"] = [one for one in statements if not (one["Effect"] == "Deny" and "Condition" in one)]
        return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission


if __name__ == "__main__":
    add_route53resolver()
    add_scalable_target_tags()
    add_query_definitions()
    skip_conditional_denials()
    main()
