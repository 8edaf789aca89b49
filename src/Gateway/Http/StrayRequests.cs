namespace SandQueue.Gateway.Http;

/// <summary>Answers requests for paths and methods that are not there in the form of every other error.</summary>
internal static class StrayRequests
{
    public static void UseDetailsForStrayRequests(this IApplicationBuilder app) => app.UseStatusCodePages(stray =>
    {
        var (request, response) = (stray.HttpContext.Request, stray.HttpContext.Response);
        var detail = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"there is no {request.Method} {request.Path}; the README lists the calls",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} takes {response.Headers.Allow}, not {request.Method}",
            var status => $"the request was refused with status {status}",
        };
        return JsonAnswer.DetailAsync(stray.HttpContext, response.StatusCode, detail);
    });
}
