using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using System.Buffers.Text;

namespace IdentityHub.Account;

/// <summary><c>/account/passkeys</c>: adding, naming and removing.</summary>
internal static class PasskeyPages
{
    public const string AddPath = "/account/passkeys/add";
    public const string RenamePath = "/account/passkeys/rename";
    public const string RemovePath = "/account/passkeys/remove";

    public static Task<RazorComponentResult<AddPasskeyPage>> Add(
        HttpContext context, CurrentSession session, PasskeyCeremonies ceremonies, WhatEnds whatEnds) =>
        PageAsync(context, session, ceremonies, whatEnds, new(UserAgent.Describe(context.Request.Headers.UserAgent)), StatusCodes.Status200OK);

    public static async Task<IResult> PostAdd(
        [AsParameters] PasskeyForm form, [FromForm(Name = "name")] string? name, [FromForm(Name = "end_this")] string? endThis,
        HttpContext context, CurrentSession session, PasskeyCeremonies ceremonies, Passkeys passkeys, WhatEnds whatEnds, Endings endings)
    {
        var filled = new AddPasskeyPage.Form(name?.Trim() ?? "", endThis is not null) { NameError = NameError(name) };
        if (filled.NameError is not null)
        {
            return await PageAsync(context, session, ceremonies, whatEnds, filled, StatusCodes.Status400BadRequest);
        }

        if (await ceremonies.MadeAsync(context, session, form) is not { } passkey)
        {
            return await PageAsync(context, session, ceremonies, whatEnds, filled with { Refused = Texts.PasskeyNotMade }, StatusCodes.Status400BadRequest);
        }

        passkey.Name = filled.Name;
        return await passkeys.AddAsync(context, session, passkey, filled.EndThis) is { } ended
            ? await endings.ShowAsync(context, ended, filled.EndThis)
            : await PageAsync(context, session, ceremonies, whatEnds, filled with { Refused = Texts.PasskeyTooMany.With(Passkeys.Most) }, StatusCodes.Status400BadRequest);
    }

    public static async Task<IResult> PostRename(
        [FromForm(Name = "passkey")] string? id, [FromForm(Name = "name")] string? name, CurrentSession session, Passkeys passkeys)
    {
        if (Id(id) is { } credential && NameError(name) is null)
        {
            await passkeys.RenameAsync(session, credential, name!.Trim());
        }

        return SeeOther.To(Security.Path);
    }

    public static async Task<IResult> Remove([FromQuery] string? passkey, CurrentSession session, Passkeys passkeys, WhatEnds whatEnds, CancellationToken cancel) =>
        Id(passkey) is { } id && (await passkeys.OfAsync(session.UserId, cancel)).FirstOrDefault(p => p.CredentialId.AsSpan().SequenceEqual(id)) is { } known
            ? ConfirmChangePage.Of(
                Texts.PasskeyRemoveTitle, Texts.PasskeyRemoveConsequence.With(known.Name), Texts.PasskeyRemove, RemovePath,
                await whatEnds.BesidesAsync(session, cancel), new Dictionary<string, string> { ["passkey"] = passkey! })
            : SeeOther.To(Security.Path);

    public static async Task<IResult> PostRemove(
        [FromForm(Name = "passkey")] string? id, [FromForm(Name = "end_this")] string? endThis, HttpContext context, CurrentSession session, Passkeys passkeys, Endings endings) =>
        Id(id) is { } credential && await passkeys.RemoveAsync(context, session, credential, endThis is not null) is { } ended
            ? await endings.ShowAsync(context, ended, endThis is not null)
            : SeeOther.To(Security.Path);

    private static string? NameError(string? name) => name?.Trim() switch
    {
        null or "" => Texts.PasskeyNameMissing,
        { Length: > Passkeys.LongestName } => Texts.PasskeyNameTooLong.With(Passkeys.LongestName),
        var typed when typed.Any(char.IsControl) => Texts.PasskeyNameMissing,
        _ => null,
    };

    // WebAuthn §4: at most 1023 bytes.
    private static byte[]? Id(string? text) => text is { Length: > 0 and <= 1364 } && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static async Task<RazorComponentResult<AddPasskeyPage>> PageAsync(
        HttpContext context, CurrentSession session, PasskeyCeremonies ceremonies, WhatEnds whatEnds, AddPasskeyPage.Form form, int status) =>
        new(new
        {
            Filled = form,
            Asked = await ceremonies.OfferAsync(context, session),
            Others = await whatEnds.BesidesAsync(session, context.RequestAborted),
        })
        { StatusCode = status };
}
