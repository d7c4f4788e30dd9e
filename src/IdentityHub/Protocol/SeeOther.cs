namespace IdentityHub.Protocol;

/// <summary>303: the browser goes on by GET and never carries a form along (RFC 9700 §4.12).</summary>
internal sealed class SeeOther : IResult
{
    private readonly string _address;

    private SeeOther(string address) => _address = address;

    public static SeeOther To(string address) => new(address);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = _address;
        return Task.CompletedTask;
    }
}
