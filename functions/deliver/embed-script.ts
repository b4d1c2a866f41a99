/**
 * The script of pages that show content of other sites: a click loads the frame in place of its placeholder. Providers
 * of posts and charts send the height of their content as a message, each in its own format.
 */
export const embedScript = `(()=>{
document.addEventListener('click',({target})=>{
const box=target.closest('.embed button')?.closest('.embed');
if(!box)return;
const frame=document.createElement('iframe');
frame.src=box.dataset.frame;
frame.title=box.dataset.title;
frame.allow='autoplay;encrypted-media;fullscreen;picture-in-picture';
box.querySelector('.ask').remove();
box.querySelector('blockquote')?.remove();
box.prepend(frame);
frame.focus()
});
addEventListener('message',({source,data})=>{
const frame=[...document.querySelectorAll('.embed.tall iframe')].find(each=>each.contentWindow===source);
const height=frame&&/height"?:(?:{"\\w+":)?(\\d{2,4})/.exec(typeof data==='string'?data:JSON.stringify(data));
if(height)frame.height=height[1]
})
})()`;
