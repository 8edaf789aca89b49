using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Policies;

/// <summary>The options that say who plays, and the policy as REST takes it.</summary>
internal sealed class PolicyOptions
{
    private static readonly string[] Kinds = ["gold", "random", "nothing", "recorded", "model"];

    private readonly Option<string?> _policy = new("--policy") { Description = "Who plays: gold, random, nothing, recorded or model", HelpName = "KIND" };
    private readonly Option<string?> _version = new("--policy-version") { Description = "A name for this version of the policy, kept with each result", HelpName = "TEXT" };
    private readonly Option<int?> _maxSteps = new("--max-steps") { Description = "Most steps of an episode", HelpName = "N" };
    private readonly Option<double?> _timeout = new("--timeout") { Description = "Most seconds of an episode", HelpName = "SECONDS" };
    private readonly Option<long?> _seed = new("--policy-seed") { Description = "Seed of the random policy, or of the model's sampling", HelpName = "N" };
    private readonly Option<string?> _baseUrl = new("--base-url") { Description = "Address of an OpenAI-compatible endpoint, as the workers reach it, with /v1", HelpName = "URL" };
    private readonly Option<string?> _model = new("--model") { Description = "The model's name there", HelpName = "NAME" };
    private readonly Option<string?> _keyVariable = new("--model-key-env") { Description = "Variable of the environment that holds the endpoint's key", HelpName = "NAME" };
    private readonly Option<string?> _secret = new("--secret") { Description = "Stored secret that holds the endpoint's key (see 'sandqueue secrets')", HelpName = "NAME" };
    private readonly Option<double?> _temperature = new("--temperature") { HelpName = "T", Description = "Sampling temperature" };
    private readonly Option<double?> _topP = new("--top-p") { HelpName = "P", Description = "Share of probability that is sampled from" };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { HelpName = "N", Description = "Most tokens of one answer" };
    private readonly Option<long?> _maxTokensTotal = new("--max-tokens-total") { HelpName = "N", Description = "Most tokens of an episode" };
    private readonly Option<string?> _sampling = new("--sampling") { HelpName = "JSON", Description = "Further sampling parameters, passed on to the endpoint" };
    private readonly Option<string?> _tools = new("--tools") { HelpName = "native|text", Description = "How tools are offered to the model" };
    private readonly Option<double?> _requestTimeout = new("--request-timeout") { HelpName = "SECONDS", Description = "Most seconds of one answer of the endpoint" };
    private readonly Option<int?> _retries = new("--retries") { HelpName = "N", Description = "How often an endpoint is asked again after 429 and 5xx" };
    private readonly Option<bool> _stream = new("--stream") { Description = "Ask the endpoint for a stream" };

    /// <summary>Where recorded actions are.</summary>
    public Option<string?> Actions { get; } = new("--actions") { HelpName = "FILE.jsonl", Description = "Recorded actions: an assistant's message a line for a rollout, {\"task_id\", \"actions\": [...]} a line for a batch" };

    public IEnumerable<Symbol> All =>
    [
        _policy, Actions, _baseUrl, _model, _keyVariable, _secret, _temperature, _topP, _maxTokens, _maxTokensTotal, _sampling, _tools, _requestTimeout, _retries, _stream, _seed, _maxSteps, _timeout, _version,
    ];

    /// <summary>Whether any of them says who plays.</summary>
    public bool IsGiven(Call call) => (call.Get(_policy) ?? call.Get(_model) ?? call.Get(_baseUrl) ?? call.Get(Actions)) is not null;

    /// <summary>The policy; its recorded actions are not in it.</summary>
    public JsonObject Read(Call call)
    {
        var kind = KindOf(call);
        var policy = new JsonObject { ["type"] = kind };
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonNode?)>)[("version", call.Get(_version)), ("max_steps", call.Get(_maxSteps)), ("timeout_s", call.Get(_timeout))])
            if (value is not null) policy[name] = value;
        if (kind == "random" && call.Get(_seed) is { } seed) policy["seed"] = seed;
        if (kind == "model") AddModel(policy, call);
        return policy;
    }

    private string KindOf(Call call) => (call.Get(_policy), call.Get(_model) ?? call.Get(_baseUrl), call.Get(Actions)) switch
    {
        ({ } kind, _, _) when !Kinds.Contains(kind) => throw CliException.Usage($"--policy cannot be '{kind}'; it is one of {string.Join(", ", Kinds)}"),
        ("recorded", _, null) => throw CliException.Usage("--policy recorded needs --actions FILE.jsonl"),
        ({ } kind, _, not null) when kind != "recorded" => throw CliException.Usage($"--actions is for --policy recorded, not {kind}"),
        ({ } kind, not null, _) when kind != "model" => throw CliException.Usage($"--model and --base-url are for --policy model, not {kind}"),
        ({ } kind, _, _) => kind,
        (_, _, not null) => "recorded",
        (_, not null, _) => "model",
        _ => throw CliException.Usage($"--policy is missing: who plays? One of {string.Join(", ", Kinds)}"),
    };

    private void AddModel(JsonObject policy, Call call)
    {
        policy["base_url"] = call.Get(_baseUrl) ?? throw CliException.Usage("--policy model needs --base-url, as http://127.0.0.1:8000/v1");
        policy["model"] = call.Get(_model) ?? throw CliException.Usage("--policy model needs --model, the model's name at the endpoint");
        if (call.Get(_keyVariable) is { } name)
        {
            if (call.Get(_secret) is not null) throw CliException.Usage("give --model-key-env or --secret, not both");
            policy["api_key"] = call.Around.Variable(name) is { Length: > 0 } key ? key : throw CliException.Usage($"the variable {name} of --model-key-env is not set");
        }

        var sampling = JsonInput.Object(call.Get(_sampling), "--sampling") ?? [];
        foreach (var (member, value) in (ReadOnlySpan<(string, JsonNode?)>)[("temperature", call.Get(_temperature)), ("top_p", call.Get(_topP)), ("max_tokens", call.Get(_maxTokens)), ("seed", call.Get(_seed))])
            if (value is not null) sampling[member] = value;
        foreach (var (member, value) in (ReadOnlySpan<(string, JsonNode?)>)
            [
                ("secret", call.Get(_secret)), ("sampling", sampling.Count > 0 ? sampling : null), ("tools", call.Get(_tools)), ("max_tokens_total", call.Get(_maxTokensTotal)),
                ("request_timeout_s", call.Get(_requestTimeout)), ("retries", call.Get(_retries)), ("stream", call.Get(_stream) ? true : null),
            ])
            if (value is not null) policy[member] = value;
    }
}
