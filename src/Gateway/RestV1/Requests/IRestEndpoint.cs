namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>Answers one route under <c>/v1</c>.</summary>
internal interface IRestEndpoint
{
    /// <summary>What the route takes and gives back.</summary>
    RestOperation Operation { get; }

    /// <exception cref="Http.BadRequestException">The request is wrong in itself; the message is the problem's detail.</exception>
    Task AnswerAsync(HttpContext context);
}
