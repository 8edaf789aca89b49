namespace SandQueue.Gateway.Http;

/// <summary>Answers one call: a <c>POST</c> with a JSON object.</summary>
internal interface ICallEndpoint
{
    /// <exception cref="BadRequestException">The call is wrong in itself; the message is the answer's detail.</exception>
    Task AnswerAsync(HttpContext context, RequestBody body);
}
