namespace IdentityHub.Pages;

/// <summary>
/// 303: the answer to a form that did its work. Never 307, which would post the form, password included, to the next
/// address as well (RFC 9700 §4.12).
/// </summary>
internal sealed class SeeOther : IResult
{
    private readonly string address;

    private SeeOther(string address) => this.address = address;

    public static SeeOther To(string address) => new(address);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
