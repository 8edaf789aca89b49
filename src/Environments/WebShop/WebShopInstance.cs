using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Episodes;
using SandQueue.Environments.Json;
using SandQueue.Environments.WebShop.Shopping;

namespace SandQueue.Environments.WebShop;

/// <summary>One episode: a shopping trip that ends with a purchase.</summary>
internal sealed class WebShopInstance(ShopSession session, ObservationMode mode, PromptTemplate template, string nouns) : IInstance
{
    /// <summary>Why an episode ends: the one purchase was made.</summary>
    private const string Bought = "completed";

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
        var (valid, answers) = action.ToolCalls.Count > 0 ? Call(action.ToolCalls) : (Act(ShopAction.Read(action.Content)), []);
        return new StepResult(Observe(), before is null ? session.Purchase?.Reward.Total ?? 0 : 0)
        {
            EndReason = session.Purchase is null ? null : Bought,
            ToolMessages = answers,
            Info = new JsonObject { ["available_actions"] = AvailableActions(), ["url"] = Shown(session.Page.Url), ["valid"] = valid },
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

    public void Dispose()
    {
    }

    private (bool Valid, IReadOnlyList<ToolMessage> Answers) Call(IReadOnlyList<NativeToolCall> calls)
    {
        var answers = new List<ToolMessage>();
        var valid = true;
        foreach (var call in calls)
        {
            var action = ReadCall(call, out var mistake);
            var done = mistake is null && Act(action);
            valid &= done;
            answers.Add(new ToolMessage(call.Id, call.Name, mistake ?? (done ? Observe() : NotPossible())));
        }

        return (valid, answers);
    }

    private string NotPossible() => session.Purchase is null
        ? $"That is not possible on this page. {Observe()}"
        : "The purchase was made; nothing more can be done.";

    private bool Act(ShopAction? action) => session.Purchase is null && action switch
    {
        { Verb: ShopVerb.Search } search => session.Search(search.Argument),
        { Verb: ShopVerb.Click } click => session.Click(click.Argument),
        _ => false,
    };

    private static ShopAction? ReadCall(NativeToolCall call, out string? mistake)
    {
        var (verb, argument) = call.Name switch
        {
            WebShopTools.Search => (ShopVerb.Search, "keywords"),
            WebShopTools.Click => (ShopVerb.Click, "element"),
            _ => (default, null),
        };
        mistake = argument is null ? $"There is no tool {call.Name}; the tools are search and click." : null;
        if (argument is null) return null;

        try
        {
            // By way of bytes, because the parser throws on a text with lone surrogates.
            using var arguments = JsonDocument.Parse(Encoding.UTF8.GetBytes(call.Arguments));
            if (arguments.RootElement.ValueKind == JsonValueKind.Object
                && arguments.RootElement.TryGetMember(argument, out var value)
                && value.ValueKind == JsonValueKind.String)
            {
                return new ShopAction(verb, value.Text());
            }
        }
        catch (JsonException)
        {
            // Broken JSON is answered like JSON of another form: the agent reads what the form is.
        }

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
