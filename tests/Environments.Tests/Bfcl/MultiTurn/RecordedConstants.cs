using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>
/// Learns the constants of long tasks from recorded answers and states. Each is taken from the first line that shows it,
/// so in that line the comparison says nothing of the constant itself; in all others it does.
/// </summary>
internal sealed class RecordedConstants
{
    private readonly Dictionary<string, PyValue> _constants = new(StringComparer.Ordinal)
    {
        // What no line shows can be anything.
        ["WATCH_LIST_EXTENSION"] = PyList.Empty,
        ["TRANSACTION_HISTORY_EXTENSION"] = PyList.Empty,
        ["MA_5_EXTENSION"] = PyList.Empty,
        ["MA_20_EXTENSION"] = PyList.Empty,
        ["TECHNOLOGY_EXTENSION"] = PyList.Empty,
        ["AUTOMOBILE_EXTENSION"] = PyList.Empty,
        ["ORDER_DETAIL_EXTENSION"] = PyDict.Empty,
        ["FILE_CONTENT_EXTENSION"] = "",
        ["POPULATE_FILE_EXTENSION"] = PyList.Empty,
        ["CAR_STATUS_METADATA_EXTENSION"] = "",
        ["LONG_WEATHER_EXTENSION"] = PyDict.Empty,
        ["PARKING_BRAKE_INSTRUCTION"] = "",
        ["INTERMEDIARY_CITIES"] = PyList.Empty,
        ["CREDIT_CARD_EXTENSION"] = PyDict.Empty,
        ["BOOKING_RECORD_EXTENSION"] = PyDict.Empty,
        ["FILES_TAIL_USED"] = PyList.Empty,
    };

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, PyValue> Learn()
    {
        foreach (var line in GoldenLines.All().Where(line => line.Id().StartsWith("multi_turn_long_context", StringComparison.Ordinal)))
        {
            switch (line.GetProperty("kind").GetString())
            {
                case "gt":
                    foreach (var turn in line.GetProperty("turns").EnumerateArray())
                    {
                        LearnFromCalls(line.Id(), turn.GetProperty("calls").Strings().Zip(turn.GetProperty("results").Strings()));
                    }

                    LearnFromState(line.Id(), line.GetProperty("turns")[0]);
                    break;
                case "fuzz":
                    LearnFromCalls(line.Id(), line.GetProperty("steps").EnumerateArray().Select(step => (step[0].Text(), step[1].Text())));
                    break;
            }
        }

        return _constants;
    }

    private void LearnFromCalls(string id, IEnumerable<(string Call, string Result)> steps)
    {
        var touched = false;
        foreach (var (call, result) in steps)
        {
            var name = call.Split('(')[0];
            // Once the agent may have added something of its own, a list no longer shows where the constant begins.
            touched |= name is "add_to_watchlist" or "remove_stock_from_watchlist" or "fund_account" or "withdraw_funds";
            if (result.StartsWith('{') && TryRead(result) is { } answer) LearnFromAnswer(id, name, call, answer, touched);
            else if (name == "get_watchlist" && result.EndsWith(", Ellipsis]", StringComparison.Ordinal) && !touched) LearnWatchList(id, result);
        }
    }

    private void LearnFromAnswer(string id, string name, string call, PyDict answer, bool touched)
    {
        switch (name)
        {
            case "get_stock_info": Take("MA_5_EXTENSION", answer.Get("MA(5)")); Take("MA_20_EXTENSION", answer.Get("MA(20)")); break;
            case "get_available_stocks" when call.Contains("Technology", StringComparison.Ordinal): TakeFrom("TECHNOLOGY_EXTENSION", answer.Get("stock_list"), 4); break;
            case "get_available_stocks" when call.Contains("Automobile", StringComparison.Ordinal): TakeFrom("AUTOMOBILE_EXTENSION", answer.Get("stock_list"), 3); break;
            case "get_transaction_history" when !touched && Own(id, "TradingBot", "transaction_history") is PyList { Items.Count: 0 }:
                Take("TRANSACTION_HISTORY_EXTENSION", answer.Get("transaction_history"));
                break;
            case "get_order_details" when answer.Get("metadata") is PyDict metadata:
                var symbol = answer["symbol"].ToString();
                Take("ORDER_DETAIL_EXTENSION", new PyDict(metadata.Select(text =>
                    KeyValuePair.Create(text.Key, (PyValue)text.Value.ToString().Replace(symbol, "{symbol}", StringComparison.Ordinal)))));
                break;
            case "displayCarStatus": Take("CAR_STATUS_METADATA_EXTENSION", answer.Get("metadata")); break;
            case "activateParkingBrake": Take("PARKING_BRAKE_INSTRUCTION", answer.Get("parkingBrakeInstruction")); break;
            case "estimate_distance": Take("INTERMEDIARY_CITIES", answer.Get("intermediaryCities")); break;
            case "get_outside_temperature_from_google": Take("LONG_WEATHER_EXTENSION", answer.Contains("outsideTemperature") ? answer.Without("outsideTemperature") : null); break;
        }
    }

    private void LearnWatchList(string id, string result)
    {
        var scanner = new PyScanner(result.Replace(", Ellipsis]", ", ...]", StringComparison.Ordinal));
        TakeFrom("WATCH_LIST_EXTENSION", new PyLiteralParser(scanner).Take(), ((PyList)Own(id, "TradingBot", "watch_list")!).Items.Count);
    }

    private void LearnFromState(string id, JsonElement firstTurn)
    {
        var state = (PyDict)PyJson.Read(firstTurn.GetProperty("state"));
        if (state.Get("TravelAPI") is PyDict travel)
        {
            TakeMissing("CREDIT_CARD_EXTENSION", (PyDict)travel["credit_card_list"], Own(id, "TravelAPI", "credit_card_list"));
            TakeMissing("BOOKING_RECORD_EXTENSION", (PyDict)travel["booking_record"], Own(id, "TravelAPI", "booking_record"));
        }

        string[] changes = ["mv", "cp", "rm", "rmdir", "touch", "mkdir", "echo"];
        if (state.Get("GorillaFileSystem") is PyDict files
            && Own(id, "GorillaFileSystem", "root") is PyDict root
            && !firstTurn.GetProperty("calls").Strings().Any(call => changes.Contains(call.Split('(')[0])))
        {
            LearnFromDirectory((PyDict)((PyDict)root.First().Value)["contents"], (PyDict)((PyDict)files["root"])["contents"]);
        }
    }

    private void LearnFromDirectory(PyDict own, PyDict recorded)
    {
        foreach (var (name, item) in own)
        {
            if (((PyDict)item).Get("contents") is PyDict inner) LearnFromDirectory(inner, (PyDict)((PyDict)recorded[name])["contents"]);
            else LearnFromFile(name, ((PyDict)item)["content"].ToString(), ((PyDict)recorded[name])["content"].ToString());
        }

        if (recorded.Count > own.Count) Take("POPULATE_FILE_EXTENSION", PyList.Of(recorded.Keys.Skip(own.Count)));
    }

    private void LearnFromFile(PyValue name, string own, string recorded)
    {
        if (recorded.Length > own.Length) Take("FILE_CONTENT_EXTENSION", recorded[own.Length..]);
        else if (!PyContainer.Contains(_constants["FILES_TAIL_USED"], name)) _constants["FILES_TAIL_USED"] = ((PyList)_constants["FILES_TAIL_USED"]).Append(name);
    }

    private static PyValue? Own(string id, string className, string name) =>
        ((PyDict?)OfficialTasks.Config(id).Get(className))?.Get(name);

    private static PyDict? TryRead(string result)
    {
        try
        {
            return (PyDict)PyJson.Read(JsonElement.Parse(result));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void TakeMissing(string constant, PyDict recorded, PyValue? own) =>
        Take(constant, new PyDict(recorded.Where(entry => own is not PyDict known || !known.Contains(entry.Key))));

    private void TakeFrom(string constant, PyValue? list, int start) => Take(constant, list is PyList items ? PyList.Of(items.Items.Skip(start)) : null);

    private void Take(string constant, PyValue? value)
    {
        if (value is not null && _known.Add(constant)) _constants[constant] = value;
    }
}
