using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace IdentityHub.Pages;

/// <summary>
/// Stops what nobody can read before anybody tries (attack case 40): a query or form that is not UTF-8 in
/// percent-encoding, or has a NUL, another character set, too many fields or too many bytes. What comes after reads
/// each value either as it was sent or not at all.
/// </summary>
internal static class ReadableRequest
{
    // Far more than any form of the hub needs, far less than would cost it memory. An endpoint may say otherwise.
    private const int LargestForm = 64 * 1024;

    public static async Task Invoke(HttpContext context, RequestDelegate next)
    {
        if (!IsReadable(Encoding.Latin1.GetBytes(context.Request.QueryString.Value ?? "")))
        {
            await Failure.EndAsync(context, StatusCodes.Status400BadRequest, FailureText.Unreadable);
        }
        else if (!context.Request.HasFormContentType)
        {
            await next(context);
        }
        else if (context.Request.GetTypedHeaders().ContentType is { Charset: { Length: > 0 } charset } && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            await Failure.EndAsync(context, StatusCodes.Status415UnsupportedMediaType);
        }
        else if (await TryReadFormAsync(context))
        {
            await next(context);
        }
        else
        {
            await Failure.EndAsync(context, StatusCodes.Status400BadRequest, FailureText.Unreadable);
        }
    }

    private static async Task<bool> TryReadFormAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit
            && context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null)
        {
            limit.MaxRequestBodySize = LargestForm;
        }

        // The server's own limit ends the reading with 413.
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.RegisterForDispose(body);
        if (!request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && !IsReadable(body.GetBuffer().AsSpan(0, (int)body.Length)))
        {
            return false;
        }

        try
        {
            body.Position = 0;
            request.Body = body;
            await request.ReadFormAsync(context.RequestAborted);
            body.Position = 0;
            return true;
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException)
        {
            // The parser's words for a form beyond its limits and for one that ends too early.
            return false;
        }
    }

    /// <summary>Whether the text, percent-decoded, is UTF-8 without NUL.</summary>
    internal static bool IsReadable(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == '%')
            {
                if (i + 2 >= encoded.Length || !byte.TryParse(encoded.Slice(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out value))
                {
                    return false;
                }

                i += 2;
            }

            if (value == 0)
            {
                return false;
            }

            decoded[length++] = value;
        }

        return Utf8.IsValid(decoded.AsSpan(0, length));
    }
}
