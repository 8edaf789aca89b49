using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>Every recorded result and state of the official services, against ours.</summary>
public sealed class GoldenServiceTests(ITestOutputHelper output)
{
    [Fact]
    public void Ground_truths_give_the_same_results_and_states()
    {
        var differences = new Differences(output);
        foreach (var line in GoldenLines.OfKind("gt"))
        {
            var services = new ServiceSet(OfficialTasks.Start(line.Id()));
            foreach (var turn in line.GetProperty("turns").EnumerateArray())
            {
                var calls = turn.GetProperty("calls").Strings();
                var results = turn.GetProperty("results").Strings();
                for (var i = 0; i < calls.Count; i++) differences.Compare(line.Id(), calls[i], results[i], services.Execute(calls[i]));
                CompareStates(differences, line.Id(), turn.GetProperty("state"), services);
            }
        }

        differences.ShouldBeNone();
    }

    [Fact]
    public void Random_calls_give_the_same_results_and_states()
    {
        var differences = new Differences(output);
        foreach (var line in GoldenLines.OfKind("fuzz"))
        {
            var services = new ServiceSet(OfficialTasks.Start(line.Id()));
            foreach (var step in line.GetProperty("steps").EnumerateArray())
            {
                differences.Compare(line.Id(), step[0].Text(), step[1].Text(), services.Execute(step[0].Text()));
            }

            if (line.GetProperty("state").ValueKind == JsonValueKind.Object) CompareStates(differences, line.Id(), line.GetProperty("state"), services);
        }

        differences.ShouldBeNone();
    }

    private static void CompareStates(Differences differences, string id, JsonElement expected, ServiceSet services)
    {
        foreach (var service in services.Services)
        {
            var className = service.Methods.ClassName;
            var attributes = expected.GetProperty(className).EnumerateObject().ToDictionary(attribute => attribute.Name, attribute => attribute.Value);
            foreach (var (name, value) in service.PublicState)
            {
                attributes.Remove(name, out var recorded).ShouldBeTrue($"{className}.{name} is not in the recorded state");
                differences.Compare(id, $"state {className}.{name}", Written(PyJson.Read(recorded)), Written(value));
            }

            if (attributes.Remove("_current_dir", out var path))
            {
                differences.Compare(id, $"state {className}._current_dir", Written(PyJson.Read(path)), Written(PyList.Of(((GorillaFileSystem)service).CurrentPath)));
            }

            attributes.Keys.ShouldBeEmpty($"{className} has attributes that ours has not");
        }
    }

    // As the record writes values: every key as its text, and a set as its text too, in no order to rely on.
    private static string Written(PyValue value) => PyJson.TryWrite(Plain(value))!;

    private static PyValue Plain(PyValue value) => value switch
    {
        PySet set => SortedSet(set.Items.Select(item => item.ToString())),
        PyDict dict when dict.Get("$set") is PyStr text => SortedSet(text.Text.Replace("set()", "", StringComparison.Ordinal).Trim('{', '}').Split(", ")),
        PyDict dict => new PyDict(dict.Select(entry => KeyValuePair.Create((PyValue)entry.Key.ToString(), Plain(entry.Value)))),
        PyList list => PyList.Of(list.Items.Select(Plain)),
        PyTuple tuple => PyList.Of(tuple.Items.Select(Plain)),
        _ => value,
    };

    private static PyStr SortedSet(IEnumerable<string> items) =>
        new($"set {string.Join(' ', items.Where(item => item.Length > 0).Order(StringComparer.Ordinal))}");
}
