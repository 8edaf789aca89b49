using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.WebShop.Shopping;

namespace SandQueue.Environments.WebShop;

/// <summary>One episode: a shopping trip that ends with a purchase.</summary>
internal sealed class WebShopInstance(ShopSession session, ObservationMode mode, PromptTemplate template, string nouns) : IInstance, ISolvable
{
    /// <summary>Why an episode ends: the one purchase was made.</summary>
    private const string Bought = "completed";

    /// <summary>Calls of a message that are carried out: each is answered by a page.</summary>
    private const int MostActions = 32;

    public Opening Opening
    {
        get
        {
            var observation = Observe();
            var (system, user) = template.Fill(WebShopPrompt.System, WebShopPrompt.User, new Dictionary<string, string>
            {
                ["observation"] = observation,
                ["instruction"] = session.Goal.Instruction,
            });
            return new Opening(system, user, WebShopTools.Json)
            {
                Info = new JsonObject
                {
                    ["instruction"] = Shown(session.Goal.Instruction),
                    ["available_actions"] = AvailableActions(),
                    ["url"] = Shown(session.Page.Url),
                },
            };
        }
    }

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        var before = session.Purchase;
        var message = AgentMessage.Read(action, cancel);
        var (problem, answers) = message.Calls.Count > 0 ? Call(action, message, cancel) : (ActByText(message.Text), []);
        var info = new JsonObject { ["available_actions"] = AvailableActions(), ["url"] = Shown(session.Page.Url), ["valid"] = problem is null };
        if (problem is not null) info["problem"] = Shown(problem);
        return new StepResult(Observe(), before is null ? session.Purchase?.Reward.Total ?? 0 : 0)
        {
            EndReason = session.Purchase is null ? null : Bought,
            ToolMessages = answers,
            Info = info,
        };
    }

    public Evaluation Evaluate(JsonElement parameters)
    {
        var details = new JsonObject { ["purchased"] = session.Purchase is not null };
        if (session.Purchase is { } purchase)
        {
            purchase.Reward.WriteTo(details);
            details["asin"] = purchase.Asin;
            details["options"] = new JsonObject(purchase.Options.Select(option => KeyValuePair.Create(option.Key, (JsonNode?)Shown(option.Value))));
            details["price"] = purchase.Price;
        }

        details["nouns"] = nouns;
        return new Evaluation(session.Purchase?.Reward.Total ?? 0, details);
    }

    public string Describe() => $"""
        search[keywords]: searches the store.
        click[text]: clicks one of these on the current page: {string.Join(", ", session.Page.Clickables)}
        """;

    public Solution Solve(CancellationToken cancellationToken)
    {
        if (session.Solve() is not { } way) return Solution.None;
        var search = SolutionMessage.Call(WebShopTools.Search, new JsonObject { ["keywords"] = way.Keywords });
        return new Solution([search, .. way.Clicks.Select(text => SolutionMessage.Call(WebShopTools.Click, new JsonObject { ["element"] = text }))], way.Reward);
    }

    public void Dispose()
    {
    }

    private (string? Problem, IReadOnlyList<ToolMessage> Answers) Call(AgentAction action, AgentMessage message, CancellationToken cancel)
    {
        var answers = new List<string>(message.Calls.Count);
        string? first = null;
        foreach (var call in message.Calls)
        {
            cancel.ThrowIfCancellationRequested();
            var (problem, answer) = answers.Count < MostActions ? Call(call) : (ShopRefusals.TooMany(MostActions), ShopRefusals.TooMany(MostActions));
            first ??= problem;
            answers.Add(answer);
        }

        return (first, [.. action.ToolCalls.Select((call, index) => new ToolMessage(call.Id, call.Name, answers[message.IsTooLarge ? 0 : index]))]);
    }

    private (string? Problem, string Answer) Call(AgentCall call)
    {
        var action = ReadCall(call, out var mistake);
        if (mistake is not null) return (mistake, mistake);
        var problem = Act(action!.Value);
        if (problem is null) return (null, Observe());
        return (problem, session.Purchase is null ? $"{problem} {Observe()}" : problem);
    }

    private string? ActByText(string message)
    {
        if (ShopAction.Read(message) is { } action) return Act(action);
        return session.Purchase is null ? ShopRefusals.NoAction(message) : ShopRefusals.AfterPurchase;
    }

    /// <returns>Why it was not possible; null where it was done.</returns>
    private string? Act(ShopAction action)
    {
        if (session.Purchase is not null) return ShopRefusals.AfterPurchase;
        if (action.Verb == ShopVerb.Search) return session.Search(action.Argument) ? null : ShopRefusals.NoSearch(action.Argument);
        return session.Click(action.Argument) ? null : ShopRefusals.NoClick(action.Argument, session.Page);
    }

    private static ShopAction? ReadCall(AgentCall call, out string? mistake)
    {
        var (verb, argument) = call.Name switch
        {
            WebShopTools.Search => (ShopVerb.Search, "keywords"),
            WebShopTools.Click => (ShopVerb.Click, "element"),
            _ => (default, ""),
        };
        mistake = argument.Length == 0 && call.Name.Length > 0 ? $"There is no tool {AgentText.Quoted(call.Name)}; the tools are search and click."
            : call.Mistake is { } broken ? $"Your call cannot be read: {broken}."
            : null;
        if (mistake is not null) return null;
        if (call.Arguments.TryGetMember(argument, out var value) && value.ValueKind == JsonValueKind.String) return new ShopAction(verb, value.Text());
        mistake = $"{call.Name} takes a JSON object with the text \"{argument}\".";
        return null;
    }

    private string Observe() => mode switch
    {
        ObservationMode.TextRich => PageText.Rich(session.Page, session.Visited),
        ObservationMode.Url => session.Page.Url,
        _ => PageText.Plain(session.Page),
    };

    private JsonObject AvailableActions() => new()
    {
        ["has_search_bar"] = session.Page.HasSearchBar,
        ["clickables"] = new JsonArray([.. session.Page.Clickables.Select(text => (JsonNode?)Shown(text))]),
    };

    // Half a surrogate pair, which an agent may search for, can't be written as UTF-8.
    private static JsonValue Shown(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0) return JsonValue.Create(text);
        return JsonValue.Create(string.Concat(text.EnumerateRunes()));
    }
}
