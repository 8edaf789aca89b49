using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>
/// Reads callers' <c>params</c> for servers that know nothing of ours, as our own environment server reads them. Every
/// mistake is the caller's: an <see cref="EnvironmentRejectedException"/> that names the parameter.
/// </summary>
internal static class CallParameters
{
    /// <summary>
    /// What a Create takes in every environment: <c>seed</c>, <c>max_steps</c> and <c>prompt_template</c>, and <c>sparse</c> where
    /// it is given. Their types are checked; other names are for the environment to know.
    /// </summary>
    public static EpisodeParameters OfCreate(ReadOnlyMemory<byte> parameters) => Read(parameters, given =>
    {
        var read = new EpisodeParameters(given);
        _ = EpisodeParameters.IsSparse(given);
        return read;
    });

    /// <summary>The same for an environment whose parameters are known here: a name that is none of them is refused, except in a replay.</summary>
    public static EpisodeParameters OfCreate(NewInstance request, params IReadOnlyList<CreateParameter> own) => request.IsReplay
        ? OfCreate(request.Params)
        : Read(request.Params, given => EpisodeParameters.Read(given, new EnvironmentDescription(request.Environment, "", "", "", "", "") { Parameters = own }));

    /// <summary>Refuses names that are neither an environment's own nor every environment's.</summary>
    public static void CheckNames(ReadOnlyMemory<byte> parameters, string environment, IReadOnlyList<string> own) => Read(parameters, given =>
    {
        ParameterNames.Check(given, environment, own);
        return own;
    });

    /// <summary><c>params.sparse</c> of an evaluation: whether it is asked for the bare score. AppWorld's steps have it too.</summary>
    public static bool IsSparse(ReadOnlyMemory<byte> parameters) => Read(parameters, EpisodeParameters.IsSparse);

    /// <summary>Fills the caller's wording of the first two messages, or the environment's own where the caller gave none.</summary>
    public static (string System, string User) Fill(this EpisodeParameters parameters, string system, string user, IReadOnlyDictionary<string, string> slots)
    {
        try
        {
            return parameters.Template.Fill(system, user, slots);
        }
        catch (InvalidRequestException exception)
        {
            throw new EnvironmentRejectedException(exception.Message);
        }
    }

    private static T Read<T>(ReadOnlyMemory<byte> parameters, Func<JsonElement, T> read)
    {
        if (parameters.IsEmpty) return read(default);
        try
        {
            using var document = JsonDocument.Parse(parameters);
            var given = document.RootElement;
            return given.ValueKind == JsonValueKind.Object ? read(given.Clone()) : throw new EnvironmentRejectedException("params must be a JSON object");
        }
        catch (InvalidRequestException exception)
        {
            throw new EnvironmentRejectedException(exception.Message);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new EnvironmentRejectedException($"params cannot be read: {exception.Message}");
        }
    }
}
