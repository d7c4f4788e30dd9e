using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Lets the metadata and the keys, which are for everybody, be kept for five minutes and be read by scripts of any
/// origin (RFC 9700 §2.6). Everything else stays <c>no-store</c> and same-origin. Five minutes is the least time that
/// a key is published before it signs (<c>Keys:PublishAhead</c>).
/// </summary>
internal sealed class PublishMetadata<TContext> : IOpenIddictServerHandler<TContext>
    where TContext : BaseRequestContext
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<TContext>()
        .UseSingletonHandler<PublishMetadata<TContext>>()
        .SetOrder(int.MinValue + 200_000)
        .Build();

    public ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Response!.Error is null)
        {
            var headers = context.Transaction.GetHttpRequest()!.HttpContext.Response.Headers;
            headers.CacheControl = "public, max-age=300";
            headers.AccessControlAllowOrigin = "*";
        }

        return default;
    }
}
