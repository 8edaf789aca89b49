using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using SandQueue.Contracts;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Policies;

/// <summary>
/// Asks an OpenAI-compatible endpoint for every action. The messages of a rollout are only ever added to, and each is sent as its author wrote it, byte for byte: an
/// endpoint that keeps what it has read may keep it. The answer's message is the action as it is, and the whole answer is kept with the turn.
/// </summary>
/// <param name="request">The endpoint, the model, and limits.</param>
/// <param name="endpoint">Calls it.</param>
/// <param name="apiKey">Its key; null where it has none.</param>
internal sealed class ModelPolicy(ModelRequest request, ChatEndpoint endpoint, string? apiKey) : IPolicy
{
    private readonly Uri _address = new(request.BaseUrl, "chat/completions");

    private long _tokens;

    public async Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken)
    {
        if (_tokens >= request.MaxTokensTotal) return new PolicyTurn(null, [], StopReasons.MaxTokens);
        var call = new EndpointCall(_address, ChatBody.Write(request, episode), request.IsStreamed, request.RequestTimeout, request.Retries, apiKey);
        byte[] answer;
        try
        {
            answer = await endpoint.CompleteAsync(call, cancellationToken);
        }
        catch (EndpointException exception) when (exception.Kind == EndpointFailure.ContextLength && episode.Step > 1)
        {
            // What was said has grown beyond what the model reads: a limit like others, and nobody's failure.
            return new PolicyTurn(null, [], StopReasons.ContextLength);
        }
        catch (EndpointException exception)
        {
            throw new PolicyException(exception.Message, exception.Kind == EndpointFailure.Unusable, exception.Kind == EndpointFailure.Passing, exception);
        }

        var turn = new PolicyTurn(Message(answer), answer);
        Count(turn);
        return turn;
    }

    public void Resume(int step, PolicyTurn turn)
    {
        if (turn.Action is not null) Count(turn);
    }

    /// <exception cref="PolicyException">There is a limit of tokens, and the endpoint does not count them.</exception>
    private void Count(PolicyTurn turn)
    {
        if (request.MaxTokensTotal is null) return;
        _tokens += TurnUsage.Total(turn.Answer)
            ?? throw Unusable("its answer has no usage.total_tokens, so that max_tokens_total cannot be kept; leave it out, or set sampling.max_tokens and max_steps", isRetryable: false);
    }

    /// <summary>The message of the answer, as it is.</summary>
    private byte[] Message(byte[] answer)
    {
        if (!Utf8.IsValid(answer)) throw Unusable("its answer has bytes that are no UTF-8");
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Unusable("its answer is no object");
            if (!document.RootElement.TryGetMember("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
            {
                throw Unusable($"its answer has no choices{Said(answer)}");
            }

            return choices[0].ValueKind == JsonValueKind.Object && choices[0].TryGetMember("message", out var message) && message.ValueKind == JsonValueKind.Object && message.GetPropertyCount() > 0
                ? JsonMarshal.GetRawUtf8Value(message).ToArray()
                : throw Unusable("the first of its choices has no message");
        }
        catch (JsonException exception)
        {
            throw Unusable($"its answer is no JSON: {OneLine.Of(exception.Message, 200)}");
        }
    }

    private string Said(byte[] answer) => answer.AsSpan().IndexOf("\"error\""u8) >= 0 ? $": {EndpointError.Read(answer, apiKey).Message}" : "";

    private PolicyException Unusable(string what, bool isRetryable = true) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the endpoint {_address.GetLeftPart(UriPartial.Authority)} cannot be used: {what}"), isRetryable: isRetryable);
}
