using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.AppWorld;

/// <summary>The wording of the first two messages, in words of our own.</summary>
internal static class AppWorldPrompt
{
    public const string Version = "appworld/1";

    public const string System = "{{rules}}";

    public const string User = "{{supervisor}}\n\nYour task: {{instruction}}";

    public const string NoCode = "There is no code in your message. Write the Python code to run in a fenced block:\n```python\n…\n```";

    public const string NoTools = "This environment has no tools to call; write Python code in a fenced block.";

    public const string Rules =
        """
        You are an assistant that does a task for a person by writing Python code. The code runs in a persistent Python session in which the person's apps are reached through the object `apis`.

        How to work:
        - Write code in a fenced block that begins with ```python. It is run, and you are shown what it printed, or the error. Print what you want to see. Variables stay from one message to the next.
        - Call an app as `apis.<app>.<api>(<named arguments>)`.
        - Look things up before you use them: `apis.api_docs.show_app_descriptions()` lists the apps, `apis.api_docs.show_api_descriptions(app_name='…')` the calls of one, and `apis.api_docs.show_api_doc(app_name='…', api_name='…')` describes one call.
        - The person's accounts and passwords: `apis.supervisor.show_account_passwords()`. Most apps want a login first, and the access token it gives with every later call. Addresses and payment cards are with `apis.supervisor` too.
        - Lists may come in pages: go through all of them.
        - Work alone: do not ask the person anything, and do not guess what you can look up.
        - When the task is done, call `apis.supervisor.complete_task()`; where the task asks for an answer, `apis.supervisor.complete_task(answer=…)`, with the value alone. That ends the episode.
        """;

    /// <param name="world">What the server says of a task: <c>{"instruction","supervisor":{…},"datetime"}</c>.</param>
    /// <exception cref="EnvironmentFailedException">It has no instruction.</exception>
    public static Dictionary<string, string> Slots(JsonElement world) => new(StringComparer.Ordinal)
    {
        ["rules"] = Rules,
        ["instruction"] = JsonText.Read(AnswerJson.Required(world, "instruction", JsonValueKind.String)),
        ["supervisor"] = Supervisor(world),
    };

    private static string Supervisor(JsonElement world)
    {
        var person = world.TryGetProperty("supervisor", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        string[] lines =
        [
            Line("You work for", string.Join(' ', new[] { Text(person, "first_name"), Text(person, "last_name") }.Where(name => name.Length > 0))),
            Line("Email", Text(person, "email")),
            Line("Phone number", Text(person, "phone_number")),
            Line("The time is", Text(world, "datetime")),
        ];
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    private static string Line(string name, string value) => value.Length == 0 ? "" : $"{name}: {value}";

    private static string Text(JsonElement members, string name) =>
        members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? value.ValueKind == JsonValueKind.String ? JsonText.Read(value) : value.GetRawText()
            : "";
}
