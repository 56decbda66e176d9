package service

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A hook is a property by which a service calls a function without a grant by the macro:
// too little is documented of the source, or the permission can't be created in the same
// deployment. The call is reported where no permission of the template is for it.
type hook struct {
	name, title, principal string
	typ                    string
	path                   string // to the function, in which "[]" follows lists
	only, is               string // a member beside the function, and the value that it must have; "" for none
	source                 template.Text
	account                bool
	region                 bool // its principal has the Region: pinpoint.us-east-1.amazonaws.com
	token                  bool // its statements have an EventSourceToken
	byHand                 string
}

// hooks are all of them, from the guides of the services and the schemas of the resource
// types.
var hooks = []hook{
	{name: "ivschat", title: "Amazon IVS Chat", principal: "ivschat.amazonaws.com", typ: "AWS::IVSChat::Room", path: "MessageReviewHandler.Uri",
		source: invoke.OwnARN("ivschat", template.Literal("room/*")), account: true,
		byHand: "Principal: ivschat.amazonaws.com, SourceArn: arn:${AWS::Partition}:ivschat:${AWS::Region}:${AWS::AccountId}:room/*, SourceAccount; and DependsOn in the room, which tries it"},
	{name: "chimemessaging", title: "Amazon Chime SDK messaging", principal: "messaging.chime.amazonaws.com", typ: "AWS::Chime::ChannelFlow",
		path: "Processors[].Configuration.Lambda.ResourceArn", account: true,
		byHand: "Principal: messaging.chime.amazonaws.com, SourceArn: the AppInstanceArn, SourceAccount"},
	{name: "appconfig", title: "AWS AppConfig", principal: "appconfig.amazonaws.com", typ: "AWS::AppConfig::ConfigurationProfile",
		path: "Validators[].Content", only: "Type", is: "LAMBDA"},
	{name: "healthlake", title: "AWS HealthLake", principal: "healthlake.amazonaws.com", typ: "AWS::HealthLake::FHIRDatastore",
		path: "IdentityProviderConfiguration.IdpLambdaArn", account: true},
	{name: "alexa", title: "Alexa skills", principal: "alexa-appkit.amazon.com", typ: "Alexa::ASK::Skill",
		path: "SkillPackage.Overrides.Manifest.apis.custom.endpoint.uri", token: true, byHand: "Principal: alexa-appkit.amazon.com, EventSourceToken: the id of the skill"},
	{name: "alexahome", title: "Alexa smart home skills", principal: "alexa-connectedhome.amazon.com", typ: "Alexa::ASK::Skill",
		path: "SkillPackage.Overrides.Manifest.apis.smartHome.endpoint.uri", token: true, byHand: "Principal: alexa-connectedhome.amazon.com, EventSourceToken: the id of the skill"},
	{name: "autoscaling", title: "Amazon EC2 Auto Scaling", principal: "autoscaling.amazonaws.com", typ: "AWS::AutoScaling::AutoScalingGroup", path: "TerminationPolicies[]",
		byHand: "Principal: the ARN of the service-linked role, .../aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"},
	{name: "pinpoint", title: "Amazon Pinpoint", principal: "pinpoint.amazonaws.com", typ: "AWS::Pinpoint::Campaign", path: "CampaignHook.LambdaFunctionName", region: true, byHand: byPinpoint},
	{name: "pinpointapp", title: "Amazon Pinpoint applications", principal: "pinpoint.amazonaws.com", typ: "AWS::Pinpoint::ApplicationSettings", path: "CampaignHook.LambdaFunctionName", region: true, byHand: byPinpoint},
	{name: "appflow", title: "Amazon AppFlow", principal: "appflow.amazonaws.com", typ: "AWS::AppFlow::Connector", path: "ConnectorProvisioningConfig.Lambda.LambdaArn"},
	{name: "cognitosync", title: "Amazon Cognito Sync", principal: "cognito-sync.amazonaws.com", typ: "AWS::Cognito::IdentityPool", path: "CognitoEvents.SyncTrigger"},
	{name: "sitewise", title: "AWS IoT SiteWise alarms", principal: "iotevents.amazonaws.com", typ: "AWS::IoTSiteWise::Portal", path: "Alarms.NotificationLambdaArn"},
	{name: "iotanalytics", title: "AWS IoT Analytics", principal: "iotanalytics.amazonaws.com", typ: "AWS::IoTAnalytics::Pipeline", path: "PipelineActivities[].Lambda.LambdaName"},
}

const byPinpoint = "Principal: pinpoint.${AWS::Region}.amazonaws.com, SourceArn: arn:${AWS::Partition}:mobiletargeting:${AWS::Region}:${AWS::AccountId}:apps/ID/*"

// watched returns the services of the hooks, each with what SAM grants for it.
func watched() (all []*invoke.Service) {
	for _, h := range hooks {
		s := &invoke.Service{Name: h.name, Title: h.title, Word: "Own", Principal: h.principal, Token: h.token, Advice: invoke.Advice{ByHand: h.byHand}, OtherPrincipal: h.otherPrincipal, Kinds: []invoke.Kind{{
			Name: h.name + "-hook", Doc: h.path + " of an " + h.typ + ", to which nothing is granted", Types: []string{h.typ}, Watched: true, Find: h.find,
		}}}
		if h.name == "alexa" {
			k := eventKind(h.name, samSkill, "AlexaSkill")
			k.Watched = true
			s.Kinds = append(s.Kinds, k)
		}
		all = append(all, s)
	}
	return all
}

// samSkill is the samSource of an AlexaSkill event: the skill that it names, or any.
func samSkill(_ *invoke.Finder, e invoke.Event) (all []invoke.Permitted) {
	for _, token := range e.Properties.Get("SkillId").Variants() {
		name := token.Text.Or(template.Literal("any skill"))
		all = append(all, invoke.Permitted{When: token.When, Origin: &invoke.Origin{Name: name, Key: name.Key()}, Label: "skill", Token: token.Text})
	}
	return all
}

// otherPrincipal is [invoke.Service.OtherPrincipal] of the hook's service.
func (h hook) otherPrincipal(principal string, _ stack.Facts) (string, bool) {
	before, _, _ := strings.Cut(h.principal, ".")
	switch {
	case h.region:
		return h.principal, strings.HasPrefix(principal, before+".") && strings.HasSuffix(principal, ".amazonaws.com")
	case h.name == "autoscaling": // it calls as its service-linked role
		return h.principal, strings.Contains(principal, ":role/aws-service-role/"+h.principal+"/")
	}
	return "", false
}

func (h hook) find(s *invoke.Finder, r template.Resource) {
	account := invoke.AccountOptional
	if h.account {
		account = invoke.AccountAlways
	}
	h.walk(r.Properties(), strings.Split(h.path, "."), nil, func(when template.Guard, fn template.Value) {
		if x, ok := fn.One(); !ok || !namesFunction(s, x) {
			return
		}
		s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: r.ID,
			Source: invoke.SourceARN{Exact: h.source, Presented: template.RefTo(r.ID), Account: account}})
	})
}

// walk yields the values at a hook's path.
func (h hook) walk(v template.Value, path []string, when template.Guard, found func(template.Guard, template.Value)) {
	if len(path) == 0 {
		found(when, v)
		return
	}
	name, isList := strings.CutSuffix(path[0], "[]")
	if word, _ := v.Get(h.only).Text(); len(path) == 1 && h.only != "" && word != h.is {
		return
	}
	each := v.Get(name).Branches
	if isList {
		each = v.Get(name).Elements
	}
	for inner, next := range each {
		if both, ok := when.And(inner); ok {
			h.walk(next, path[1:], both, found)
		}
	}
}

// namesFunction reports whether a text is certainly a function's ARN: such properties
// also take words, addresses and JSON.
func namesFunction(s *invoke.Finder, x template.Text) bool {
	if _, _, literal := x.Cut(":lambda:"); literal {
		return true
	}
	p, single := x.Single()
	id, _, _ := strings.Cut(p.Text, ".")
	r, own := s.Template().Resource(id)
	return single && p.Kind != template.Opaque && own && (function.Is(r.Type) || r.Type == "AWS::Lambda::Alias" || r.Type == "AWS::Lambda::Version")
}
