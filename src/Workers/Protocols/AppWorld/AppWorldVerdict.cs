using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.AppWorld;

/// <summary>What AppWorld's tests say: <c>{"success","difficulty","num_tests","passes":[…],"failures":[…]}</c>.</summary>
internal sealed class AppWorldVerdict
{
    private readonly JsonElement _said;
    private readonly bool _success;
    private readonly int _passed;
    private readonly int _failed;

    /// <exception cref="EnvironmentFailedException">It has another shape.</exception>
    public AppWorldVerdict(JsonElement said)
    {
        _said = said;
        if (said.ValueKind != JsonValueKind.Object || !said.TryGetProperty("success", out var success) || success.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw new EnvironmentFailedException("AppWorld's evaluation has no success, or not of the right type");
        }

        _success = success.ValueKind == JsonValueKind.True;
        _passed = AnswerJson.Required(said, "passes", JsonValueKind.Array).GetArrayLength();
        _failed = AnswerJson.Required(said, "failures", JsonValueKind.Array).GetArrayLength();
    }

    /// <summary>Sparse: 1 for success, else 0. Dense: the share of the tests that passed.</summary>
    public double Reward(bool sparse) => sparse || _passed + _failed == 0 ? _success ? 1 : 0 : (double)_passed / (_passed + _failed);

    /// <summary>A bare number where it is sparse, else what was said, with the dense score in front.</summary>
    public void Write(Utf8JsonWriter writer, bool sparse)
    {
        if (sparse)
        {
            writer.WriteRawValue(_success ? "1.0" : "0.0");
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("score", Reward(sparse: false));
        AnswerJson.WriteMembers(writer, _said, except: ["score"]);
        writer.WriteEndObject();
    }
}
