using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Checking;
using SandQueue.Environments.Bfcl.Prompts;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Solutions;

/// <summary>Writes the message that a single-turn task's possible answers allow: of each argument the first value that the checker takes.</summary>
internal static class AnswerSolution
{
    private const string NothingFits = "None of the functions fits what you ask for, so I call none.";

    /// <param name="rule">How the task is judged.</param>
    /// <param name="language">The language of its functions.</param>
    /// <param name="functions">The data's descriptions of them.</param>
    /// <param name="truth">The possible answers; undefined where the category has none.</param>
    public static JsonObject Message(AnswerRule rule, Language language, JsonElement functions, JsonElement truth)
    {
        if (rule == AnswerRule.Irrelevance) return SolutionMessage.Talk(NothingFits);

        var names = OfferedTools.NamesOf(functions.EnumerateArray());
        // Any call will do where the data says no more than that some function fits.
        return rule == AnswerRule.Relevance
            ? SolutionMessage.Calls([(names.Offered(OfferedTools.NameOf(functions[0])), "{}")])
            : SolutionMessage.Calls(truth.EnumerateArray().Select(call => Call(language, functions, names, call.EnumerateObject().First())));
    }

    private static (string Name, string Arguments) Call(Language language, JsonElement functions, ToolNames names, JsonProperty call)
    {
        var function = functions.EnumerateArray().First(function => function.GetProperty("name").ValueEquals(call.Name));
        var parameters = function.GetProperty("parameters");
        var required = parameters.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal);
        var arguments = new List<KeyValuePair<PyValue, PyValue>>();
        foreach (var (name, options) in (PyDict)PyJson.Read(call.Value))
        {
            var described = parameters.GetProperty("properties").TryGetProperty(name.ToString(), out var details);
            if (described && Choose(language, name.ToString(), details, options, required.Contains(name.ToString())) is { } value) arguments.Add(KeyValuePair.Create(name, value));
        }

        return (names.Offered(call.Name), PyJson.TryWrite(new PyDict(arguments), asciiOnly: false) ?? "{}");
    }

    /// <returns>Null where the argument is best left out.</returns>
    private static PyValue? Choose(Language language, string name, JsonElement details, PyValue options, bool isRequired)
    {
        var possible = PyContainer.Iterate(options).ToArray();
        if (!isRequired && possible is [PyStr { Text: "" }, ..]) return null;

        var given = possible.OrderBy(option => option is PyStr { Text: "" }).SelectMany(Readings);
        var written = language == Language.Python ? given : given.SelectMany(value => SourceText.Of(language, value, details));
        return written.FirstOrDefault(value => Fits(language, name, details, value, options));
    }

    private static bool Fits(Language language, string name, JsonElement details, PyValue value, PyValue options)
    {
        try
        {
            return FunctionChecker.Argument(language, name, details, value, options).Valid;
        }
        catch (PyError)
        {
            // The benchmark has no rule for such a value, so it is not the one.
            return false;
        }
    }

    /// <summary>What an option of the data can stand for: in a dict, and in the dicts of a list, each key has its own list of possible values.</summary>
    private static IEnumerable<PyValue> Readings(PyValue option) => option switch
    {
        PyDict dict => [FirstValues(dict), dict],
        PyList list when list.Items.Any(item => item is PyDict) => [PyList.Of(list.Items.Select(item => item is PyDict dict ? FirstValues(dict) : item)), list],
        _ => [option],
    };

    private static PyDict FirstValues(PyDict dict) => new(dict
        .Where(entry => entry.Value is not PyList { Items: [PyStr { Text: "" }] })
        .Select(entry => KeyValuePair.Create(entry.Key, FirstValue(entry.Value))));

    private static PyValue FirstValue(PyValue possible) => possible switch
    {
        PyList { Items.Count: > 0 } values => values.Items.FirstOrDefault(value => value is not PyStr { Text: "" }) ?? values.Items[0],
        // Where the data forgot the list, the checker takes the text's characters for the possible values.
        PyStr { Text.Length: > 0 } text => text.Text[..1],
        _ => possible,
    };
}
